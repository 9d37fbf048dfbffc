#include "kernels/winograd_loops.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd_loops.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "kernels/lanes-inl.h"
#include "kernels/winograd_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fer::HWY_NAMESPACE {

// work(source) with source(i, j): the first channel of pixel (i, j) of the
// window whose upper left corner is (y, x); zeros outside of the picture.
template <int kSize, class Work>
HWY_INLINE void with_window(const float* pictures, const PictureShape& shape,
                            const TilePlace& corner, const float* zeros,
                            const Work& work) {
  const int64_t y = corner.y, x = corner.x, channels = shape.channels;
  const int64_t below = shape.width * channels;
  const float* picture = pictures + corner.image * shape.height * below;
  if (y >= 0 && x >= 0 && y + kSize <= shape.height &&
      x + kSize <= shape.width) {
    const float* first = picture + y * below + x * channels;
    work([=](int i, int j) { return first + i * below + j * channels; });
    return;
  }
  const float* pixels[kSize][kSize];
  for (int i = 0; i < kSize; ++i) {
    for (int j = 0; j < kSize; ++j) {
      const bool inside = y + i >= 0 && y + i < shape.height && x + j >= 0 &&
                          x + j < shape.width;
      pixels[i][j] =
          inside ? picture + (y + i) * below + (x + j) * channels : zeros;
    }
  }
  work([&pixels](int i, int j) { return pixels[i][j]; });
}

template <class Scheme>
void input_tiles(const float* x, const PictureShape& shape, Block tiles,
                 const float* zeros, const PointMatrices& to) {
  const TileGrid grid(shape, Scheme::kTile);
  float* out = to.data;
  for (int64_t t = tiles.begin; t < tiles.end; ++t, out += shape.channels) {
    TilePlace corner = grid.place(t);
    corner.y -= Scheme::kTaps / 2;
    corner.x -= Scheme::kTaps / 2;
    with_window<Scheme::kPoints>(
        x, shape, corner, zeros, [&](const auto& source) HWY_ATTR {
          over_channels(shape.channels, [&](auto d, int64_t c) HWY_ATTR {
            spread_window<typename Scheme::Input>(
                d,
                [&](int i, int j)
                    HWY_ATTR { return hn::LoadU(d, source(i, j) + c); },
                [&](int point, auto v) HWY_ATTR {
                  hn::StoreU(v, d, out + point * to.stride + c);
                });
          });
        });
  }
}

template <class Scheme>
void gradient_tiles(const float* g, const PictureShape& shape, Block tiles,
                    const float* zeros, const PointMatrices& to, float* sums) {
  const TileGrid grid(shape, Scheme::kTile);
  float* out = to.data;
  for (int64_t t = tiles.begin; t < tiles.end; ++t, out += shape.channels) {
    with_window<Scheme::kTile>(
        g, shape, grid.place(t), zeros, [&](const auto& source) HWY_ATTR {
          over_channels(shape.channels, [&](auto d, int64_t c) HWY_ATTR {
            auto sum = hn::LoadU(d, sums + c);
            spread_window<typename Scheme::Output>(
                d,
                [&](int i, int j) HWY_ATTR {
                  const auto v = hn::LoadU(d, source(i, j) + c);
                  sum = hn::Add(sum, v);
                  return v;
                },
                [&](int point, auto v) HWY_ATTR {
                  hn::StoreU(v, d, out + point * to.stride + c);
                });
            hn::StoreU(sum, d, sums + c);
          });
        });
  }
}

template <class Scheme>
void output_tiles(const PointMatrices& from, const PictureShape& shape,
                  Block tiles, const float* bias, float* y) {
  const TileGrid grid(shape, Scheme::kTile);
  const int64_t channels = shape.channels, below = shape.width * channels;
  const float* in = from.data;
  for (int64_t t = tiles.begin; t < tiles.end; ++t, in += channels) {
    const TilePlace corner = grid.place(t);
    const int64_t height = shape.height - corner.y,
                  width = shape.width - corner.x;
    float* first = y + (corner.image * shape.height + corner.y) * below +
                   corner.x * channels;
    over_channels(channels, [&](auto d, int64_t c) HWY_ATTR {
      const auto b = hn::LoadU(d, bias + c);
      gather_window<typename Scheme::Output>(
          d,
          [&](int point)
              HWY_ATTR { return hn::LoadU(d, in + point * from.stride + c); },
          [&](int i, int j, auto v) HWY_ATTR {
            if (i < height && j < width)
              hn::StoreU(hn::Add(v, b), d,
                         first + i * below + j * channels + c);
          });
    });
  }
}

// Lanes `step` floats apart.
template <class D>
HWY_INLINE hn::Vec<D> strided(D d, const float* from, int64_t step) {
  if (step == 1) return hn::LoadU(d, from);
  const hn::RebindToSigned<D> di;
  const auto index =
      hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(step)));
  return hn::GatherIndex(d, from, index);
}

template <class Scheme>
void weight_columns(const TapMatrices& taps, int64_t rows, Block columns,
                    int64_t row_step, const PointMatrices& to) {
  for (int64_t row = 0; row < rows; ++row) {
    over_channels(columns.end - columns.begin, [&](auto d, int64_t c) HWY_ATTR {
      const float* from = taps.data + row * taps.row_step +
                          (columns.begin + c) * taps.column_step;
      float* out = to.data + row * row_step + c;
      spread_window<typename Scheme::Taps>(
          d,
          [&](int i, int j) HWY_ATTR {
            return strided(d, from + (i * Scheme::kTaps + j) * taps.place_step,
                           taps.column_step);
          },
          [&](int point, auto v)
              HWY_ATTR { hn::StoreU(v, d, out + point * to.stride); });
    });
  }
}

template <class Scheme>
void weight_gradient_row(const PointMatrices& from, int64_t parts,
                         int64_t part_stride, int64_t columns, float* to) {
  over_channels(columns, [&](auto d, int64_t c) HWY_ATTR {
    gather_window<typename Scheme::Taps>(
        d,
        [&](int point) HWY_ATTR {
          const float* at = from.at(point) + c;
          auto sum = hn::LoadU(d, at);
          for (int64_t part = 1; part < parts; ++part)
            sum = hn::Add(sum, hn::LoadU(d, at + part * part_stride));
          return sum;
        },
        [&](int i, int j, auto v) HWY_ATTR {
          hn::StoreU(v, d, to + (i * Scheme::kTaps + j) * columns + c);
        });
  });
}

template <class Scheme>
WinogradLoops loops_of() {
  return {Scheme::kTile,
          Scheme::kTaps,
          Scheme::kPoints * Scheme::kPoints,
          &input_tiles<Scheme>,
          &gradient_tiles<Scheme>,
          &output_tiles<Scheme>,
          &weight_columns<Scheme>,
          &weight_gradient_row<Scheme>};
}

WinogradLoops loops_for(int64_t tile, int64_t taps) {
  if (taps == 3) {
    return tile == 2 ? loops_of<WinogradScheme<2, 3>>()
                     : loops_of<WinogradScheme<4, 3>>();
  }
  return tile == 2 ? loops_of<WinogradScheme<2, 5>>()
                   : loops_of<WinogradScheme<4, 5>>();
}

}  // namespace fer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fer {

HWY_EXPORT(loops_for);

WinogradLoops winograd_loops(int64_t tile, int64_t taps) {
  return HWY_DYNAMIC_DISPATCH(loops_for)(tile, taps);
}

}  // namespace fer
#endif
