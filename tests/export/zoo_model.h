// Networks as a test of the export wants them: small pictures, every number of
// BatchNorm and every bias away from its start, logits of deviation one.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>

#include "deploy/onnx_contract.h"
#include "models/model.h"

namespace fer {

struct ZooModel {
  ModelPtr model;
  OnnxContract contract;

  /// uint8 `[count, H, W, C]`, the same each time; at most 8.
  torch::Tensor pixels(int64_t count) const;
  /// What the model answers to pixels `[n, H, W, C]`: float64 `[n, K]`,
  /// computed in float32, images in this order in memory.
  torch::Tensor answers(
      const torch::Tensor& pixels,
      at::MemoryFormat order = at::MemoryFormat::ChannelsLast) const;
  /// The same computed in float64.
  torch::Tensor exact_answers(const torch::Tensor& pixels) const;
};

/// Three channels with ImageNet's BGR scaling where the published model has
/// three, seven classes or two, as published.
ZooModel make_zoo_model(const std::string& name);

/// Around a model of one's own, untouched.
ZooModel make_test_model(ModelPtr model, int side, int channels, int classes);

/// What OpenVINO answers with the file to pixels `[n, H, W, C]`: `[n, K]`.
torch::Tensor file_answers(const onnx::ModelProto& file,
                           const torch::Tensor& pixels);

/// The largest difference of one probability, over batches of 1, 2 and 7: file
/// against torch, and torch in float32 against torch in float64 in the worse
/// memory order (convolutions are computed in other ways in the two).
struct Differences {
  double file = 0;
  double torch = 0;
};
Differences differences(const ZooModel& zoo, const onnx::ModelProto& file);

}  // namespace fer
