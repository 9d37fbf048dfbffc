#include "models/fused.h"

#include <ATen/ATen.h>

#include "models/fused_norm.h"
#include "models/layer_clock.h"
#include "models/layers.h"

namespace fer {
namespace {

thread_local Passes passes_on;

using Layers = std::vector<std::shared_ptr<Layer>>;

// A row of layers that one pass can do; parts that are not there are null.
struct Pass {
  ReluLast* before = nullptr;  // does its work up to the ReLU itself
  BatchNorm* norm = nullptr;
  Rectify rectify = Rectify::kNone;
  bool pool = false;
  double dropout = 0;
  size_t length = 0;  // in layers; 0: no pass
};

template <class T>
T* layer_at(const Layers& layers, size_t at) {
  return at < layers.size() ? dynamic_cast<T*>(layers[at].get()) : nullptr;
}

bool halves(const MaxPool2d* pool) {
  if (!pool) return false;
  const auto& o = pool->options();
  return o.kernel == 2 && o.stride == 2 && o.padding == 0;
}

Pass pass_at(const Layers& layers, size_t begin) {
  Pass pass;
  size_t at = begin;
  pass.before = layer_at<ReluLast>(layers, at);
  if (pass.before && pass.before->has_relu()) ++at;
  if (!layers[begin]->is_training()) return {};
  pass.norm = layer_at<BatchNorm>(layers, at);
  if (pass.norm && !pass.norm->is_training()) return {};
  if (pass.norm) ++at;
  if (pass.before) {
    pass.rectify = Rectify::kBefore;
  } else if (layer_at<Relu>(layers, at)) {
    pass.rectify = Rectify::kAfter;
    ++at;
  } else if (layer_at<Swish>(layers, at)) {
    pass.rectify = Rectify::kSwishAfter;
    ++at;
  }
  if (pass.before && halves(layer_at<MaxPool2d>(layers, at))) {
    pass.pool = true;
    ++at;
    if (const auto* dropout = layer_at<Dropout>(layers, at);
        dropout && dropout->is_training() && dropout->rate() < 1) {
      pass.dropout = dropout->rate();
      ++at;
    }
  }
  if (pass.norm || pass.pool) pass.length = at - begin;
  return pass;
}

bool one_channel(const torch::Tensor& x) {
  return x.dim() == 4 && x.size(1) == 1;
}

bool takes(const torch::Tensor& x) {
  return fusable(x) && (passes_on.cuda_fused || !x.is_cuda());
}

// Undefined where the kernels do not take the values; then `x` has gone through
// pass.before and its ReLU, and the layers behind it are still to come.
torch::Tensor run_pass(const Pass& pass, torch::Tensor& x) {
  if (pass.before)
    x = pass.before->before_relu(one_channel(x) ? in_channels_last(x) : x);
  const bool small =
      pass.pool && (x.dim() != 4 || x.size(2) < 2 || x.size(3) < 2);
  if (small || !takes(x) || (!pass.norm && !x.is_cpu())) {
    if (pass.before) x = relu_in_place(x);
    return {};
  }
  if (!pass.norm) return fused_relu_pool(x, pass.dropout);
  const BatchNorm::Parts norm = pass.norm->parts();
  if (pass.pool) return fused_norm_pool(norm, x, pass.dropout);
  return fused_norm(norm, x, pass.rectify);
}

bool passes_take(const BatchNorm& norm, const torch::Tensor& x) {
  return passes_on.fused && norm.is_training() && takes(x);
}

torch::Tensor one_pass(BatchNorm& norm, const torch::Tensor& x,
                       Rectify rectify) {
  const LayerClock::Span span(norm);
  return fused_norm(norm.parts(), x, rectify);
}

}  // namespace

FusedPasses::FusedPasses(Passes passes) : before_(passes_on) {
  passes_on = passes;
}

FusedPasses::~FusedPasses() { passes_on = before_; }

bool winograd_on() { return passes_on.winograd; }

torch::Tensor run_layers(const Layers& layers, const torch::Tensor& x) {
  torch::Tensor y = x;
  for (size_t i = 0; i < layers.size();) {
    const Pass pass = passes_on.fused ? pass_at(layers, i) : Pass{};
    if (pass.length > 0) {
      const LayerClock::Span span(layers, i, pass.length);
      const torch::Tensor done = run_pass(pass, y);
      if (done.defined()) {
        y = done;
        i += pass.length;
        continue;
      }
      if (pass.before) {
        ++i;
        continue;
      }
    }
    y = (*layers[i++])(y);
  }
  return y;
}

torch::Tensor norm_relu(BatchNorm& norm, const torch::Tensor& x) {
  if (passes_take(norm, x)) return one_pass(norm, x, Rectify::kAfter);
  return relu_in_place(norm(x));
}

torch::Tensor norm_alone(BatchNorm& norm, const torch::Tensor& x) {
  if (passes_take(norm, x)) return one_pass(norm, x, Rectify::kNone);
  return norm(x);
}

torch::Tensor in_channels_last(const torch::Tensor& x) {
  if (x.size(1) != 1) return x.contiguous(at::MemoryFormat::ChannelsLast);
  const torch::Tensor one = x.contiguous();
  const int64_t width = x.size(3), pixels = x.size(2) * width;
  return one.as_strided(x.sizes(), {pixels, 1, width, 1});
}

}  // namespace fer
