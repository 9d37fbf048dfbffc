// Which part of a picture speaks for a class: Grad-CAM for networks of
// convolutions, attention rollout for transformers.
#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

#include "models/model.h"
#include "vision/image.h"

namespace fer {

struct Explanation {
  std::string method;  ///< "Grad-CAM" or "attention rollout"
  std::string layer;   ///< whose map it is: "layer4.2", "blocks.0 to blocks.11"
  int64_t label = 0;   ///< the class that is explained
  std::vector<double> probabilities;  ///< of all classes
  torch::Tensor map;  ///< float `[h, w]` in [0, 1], coarser than the picture
};

/// `image`: float `[1, C, H, W]` in [0, 1]; the model in evaluation mode, on
/// the image's device. Without a label: the most probable class.
///   Grad-CAM (Selvaraju et al., arXiv:1610.02391) of the last layer that has
///   the size of the last convolution wider than one pixel (after its
///   BatchNorm, ReLU and shortcut), divided by its maximum; all 0 where nothing
///   speaks for the class.
///   Attention rollout (Abnar and Zuidema, arXiv:2005.00928) of the class
///   token, the least patch at 0 and the largest at 1; the same for every
///   class.
/// DataError: no convolution with a plane and no attention.
Explanation explain(Model& model, const torch::Tensor& image,
                    std::optional<int64_t> label);

/// relu(sum_k a_k A_k), where a_k is the mean over the plane of the gradient of
/// the class's logit by A_k; both `[C, h, w]`, the map `[h, w]`.
torch::Tensor class_activation(const torch::Tensor& activation,
                               const torch::Tensor& gradient);

/// The product of (A + I) / 2 over the layers, the last one on the left; `[T,
/// T]` each, rows sum to 1 (the mean over the heads).
torch::Tensor attention_rollout(const std::vector<torch::Tensor>& attention);

/// The map as heat over the picture, RGB: the picture where it is 0, red at one
/// half, yellow at 1. Small pictures are enlarged to at least 336 pixels.
Image overlay(const Image& picture, const torch::Tensor& map);

}  // namespace fer
