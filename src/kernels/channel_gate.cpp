#include "kernels/channel_gate.h"

#include "kernels/blocks.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/channel_gate.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {

// Of one picture of `pixels` pixels, on one thread.
void means_of(const float* x, int64_t pixels, int64_t channels, float* mean) {
  const float share = 1.0f / static_cast<float>(pixels);
  over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
    auto sum = hn::Zero(d);
    for (int64_t p = 0; p < pixels; ++p)
      sum = hn::Add(sum, hn::LoadU(d, x + p * channels + c));
    hn::StoreU(hn::Mul(sum, hn::Set(d, share)), d, mean + c);
  });
}

void means_gradient_of(const float* g, const float* dmean, int64_t pixels,
                       int64_t channels, float* dx) {
  const float share = 1.0f / static_cast<float>(pixels);
  for (int64_t p = 0; p < pixels; ++p) {
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const auto own = hn::Mul(hn::LoadU(d, dmean + c), hn::Set(d, share));
      const int64_t at = p * channels + c;
      hn::StoreU(hn::Add(hn::LoadU(d, g + at), own), d, dx + at);
    });
  }
}

void gate_of(const float* x, const float* gate, int64_t pixels,
             int64_t channels, float* y) {
  for (int64_t p = 0; p < pixels; ++p) {
    over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
      const int64_t at = p * channels + c;
      hn::StoreU(hn::Mul(hn::LoadU(d, x + at), hn::LoadU(d, gate + c)), d,
                 y + at);
    });
  }
}

void gate_gradient_of(const float* g, const float* x, const float* gate,
                      int64_t pixels, int64_t channels, float* dx,
                      float* dgate) {
  over_channels(channels, [=](auto d, int64_t c) HWY_ATTR {
    const auto factor = hn::LoadU(d, gate + c);
    auto sum = hn::Zero(d);
    for (int64_t at = c; at < pixels * channels; at += channels) {
      const auto gradient = hn::LoadU(d, g + at);
      sum = hn::MulAdd(gradient, hn::LoadU(d, x + at), sum);
      hn::StoreU(hn::Mul(gradient, factor), d, dx + at);
    }
    hn::StoreU(sum, d, dgate + c);
  });
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(means_of);
HWY_EXPORT(means_gradient_of);
HWY_EXPORT(gate_of);
HWY_EXPORT(gate_gradient_of);

namespace {

// work(first value, first channel, pixels) for every picture.
template <class Work>
void over_pictures(const PictureShape& shape, const Work& work) {
  const int64_t pixels = shape.height * shape.width, step = shape.channels;
  run_blocks(shape.images, [&](int64_t image) {
    work(image * pixels * step, image * step, pixels);
  });
}

}  // namespace

void channel_means(const float* x, const PictureShape& shape, float* mean) {
  over_pictures(shape, [&](int64_t at, int64_t channel, int64_t pixels) {
    HWY_DYNAMIC_DISPATCH(means_of)
    (x + at, pixels, shape.channels, mean + channel);
  });
}

void channel_means_gradient(const float* g, const float* dmean,
                            const PictureShape& shape, float* dx) {
  over_pictures(shape, [&](int64_t at, int64_t channel, int64_t pixels) {
    HWY_DYNAMIC_DISPATCH(means_gradient_of)
    (g + at, dmean + channel, pixels, shape.channels, dx + at);
  });
}

void channel_gate(const float* x, const float* gate, const PictureShape& shape,
                  float* y) {
  over_pictures(shape, [&](int64_t at, int64_t channel, int64_t pixels) {
    HWY_DYNAMIC_DISPATCH(gate_of)
    (x + at, gate + channel, pixels, shape.channels, y + at);
  });
}

void channel_gate_gradient(const float* g, const float* x, const float* gate,
                           const PictureShape& shape, float* dx, float* dgate) {
  over_pictures(shape, [&](int64_t at, int64_t channel, int64_t pixels) {
    HWY_DYNAMIC_DISPATCH(gate_gradient_of)
    (g + at, x + at, gate + channel, pixels, shape.channels, dx + at,
     dgate + channel);
  });
}

}  // namespace fer
#endif
