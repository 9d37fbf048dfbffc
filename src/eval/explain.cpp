#include "eval/explain.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/error.h"
#include "models/attention.h"
#include "models/layers.h"
#include "train/loss.h"

namespace fer {
namespace {

// One forward pass with all that the layers gave out.
struct Pass {
  std::vector<LayerRecord> layers;
  torch::Tensor logits;  // [1, K] or [1, 1]
};

Pass watch(Model& model, const torch::Tensor& image) {
  LayerRecorder recorder(model, /*keep_outputs=*/true);
  Pass pass;
  pass.logits = model.forward(image);
  pass.layers = std::move(recorder.records);
  return pass;
}

bool has_plane(const torch::Tensor& x) {
  return x.dim() == 4 && x.size(2) * x.size(3) > 1;
}

// The last layer of the same size as the last convolution; null: there is none.
const LayerRecord* last_plane(const std::vector<LayerRecord>& layers) {
  const auto conv = std::find_if(
      layers.rbegin(), layers.rend(), [](const LayerRecord& layer) {
        return layer.kind == "Conv2D" && has_plane(layer.output);
      });
  if (conv == layers.rend()) return nullptr;
  const auto size = conv->output.sizes().slice(2);
  const auto last = std::find_if(
      layers.rbegin(), layers.rend(), [&](const LayerRecord& layer) {
        return layer.output.dim() == 4 && layer.output.sizes().slice(2) == size;
      });
  return &*last;
}

// The logit of a class; a single one is that of label 1.
torch::Tensor score_of(const torch::Tensor& logits, int64_t label) {
  if (logits.size(1) > 1) return logits[0][label];
  return label == 1 ? logits[0][0] : -logits[0][0];
}

void explain_convolutions(const Pass& pass, Explanation& result) {
  const LayerRecord* layer = last_plane(pass.layers);
  if (!layer) {
    fail<DataError>(
        "[explain] expected a model with attention or with a convolution whose "
        "output is wider than a pixel; got neither. Take larger images.");
  }
  const torch::Tensor score = score_of(pass.logits, result.label);
  const torch::Tensor gradient =
      torch::autograd::grad({score}, {layer->output})[0];
  const torch::Tensor map =
      class_activation(layer->output[0].detach(), gradient[0]);
  const double most = map.max().item<double>();
  result.method = "Grad-CAM";
  result.layer = layer->name;
  result.map = most > 0 ? map / most : map;
}

// Mean over the heads of softmax(q k' / sqrt(width / heads)), [T, T], from what
// the layer `qkv` gave out, [1, T, 3 width].
torch::Tensor attention_of(const torch::Tensor& qkv, int64_t heads) {
  const int64_t tokens = qkv.size(1), width = qkv.size(2) / 3;
  const torch::Tensor split = qkv.detach()
                                  .reshape({tokens, 3, heads, width / heads})
                                  .permute({1, 2, 0, 3});
  const double scale =
      1.0 / std::sqrt(static_cast<double>(width) / static_cast<double>(heads));
  return (split[0].matmul(split[1].transpose(1, 2)) * scale)
      .softmax(-1)
      .mean(0);
}

std::vector<torch::Tensor> attentions(const Model& model, const Pass& pass) {
  std::vector<torch::Tensor> result;
  for (const auto& item : model.named_modules("", /*include_self=*/false)) {
    const auto module = std::dynamic_pointer_cast<Attention>(item.value());
    if (!module) continue;
    for (const LayerRecord& layer : pass.layers) {
      if (layer.name == item.key() + ".qkv")
        result.push_back(attention_of(layer.output, module->heads()));
    }
  }
  return result;
}

void explain_attention(const std::vector<torch::Tensor>& attention,
                       Explanation& result) {
  // From the class token, which is the first, to the patches.
  const torch::Tensor seen =
      attention_rollout(attention)[0].narrow(0, 1, attention[0].size(0) - 1);
  const auto side = static_cast<int64_t>(
      std::llround(std::sqrt(static_cast<double>(seen.size(0)))));
  const torch::Tensor above = seen - seen.min();
  const double most = above.max().item<double>();
  result.method = "attention rollout";
  result.layer = fmt::format("blocks.0 to blocks.{}", attention.size() - 1);
  result.map = (most > 0 ? above / most : above).reshape({side, side});
}

}  // namespace

torch::Tensor class_activation(const torch::Tensor& activation,
                               const torch::Tensor& gradient) {
  const torch::Tensor weights = gradient.mean({1, 2}, /*keepdim=*/true);
  return (weights * activation).sum(0).relu();
}

torch::Tensor attention_rollout(const std::vector<torch::Tensor>& attention) {
  torch::Tensor rollout;
  for (const torch::Tensor& layer : attention) {
    const torch::Tensor mixed =
        0.5 * (layer + torch::eye(layer.size(0), layer.options()));
    rollout = rollout.defined() ? mixed.matmul(rollout) : mixed;
  }
  return rollout;
}

Explanation explain(Model& model, const torch::Tensor& image,
                    std::optional<int64_t> label) {
  const Pass pass = watch(model, image);
  const torch::Tensor p =
      probabilities(pass.logits.detach()).to(torch::kCPU).contiguous();
  Explanation result;
  result.probabilities.assign(p.data_ptr<double>(),
                              p.data_ptr<double>() + p.numel());
  result.label = label.value_or(p[0].argmax().item<int64_t>());
  const auto attention = attentions(model, pass);
  if (attention.empty()) {
    explain_convolutions(pass, result);
  } else {
    explain_attention(attention, result);
  }
  result.map = result.map.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return result;
}

Image overlay(const Image& picture, const torch::Tensor& map) {
  constexpr int kSide = 336;
  constexpr float kOpacity = 0.6f;
  const int least = std::max(1, std::min(picture.width, picture.height));
  const int factor = std::max(1, (kSide + least - 1) / least);
  Image result = convert_channels(
      resize_image(picture, picture.width * factor, picture.height * factor),
      3);
  const torch::Tensor heat =
      at::upsample_bilinear2d(map.to(torch::kFloat).unsqueeze(0).unsqueeze(0),
                              {result.height, result.width},
                              /*align_corners=*/false)
          .contiguous();
  const float* value = heat.data_ptr<float>();
  for (size_t i = 0; i < static_cast<size_t>(heat.numel()); ++i) {
    const float v = std::clamp(value[i], 0.0f, 1.0f);
    const float colour[] = {255.0f, 255.0f * std::max(0.0f, 2 * v - 1), 0.0f};
    for (size_t c = 0; c < 3; ++c) {
      uint8_t& pixel = result.pixels[3 * i + c];
      const auto below = static_cast<float>(pixel);
      pixel = static_cast<uint8_t>(
          std::lround(below + kOpacity * v * (colour[c] - below)));
    }
  }
  return result;
}

}  // namespace fer
