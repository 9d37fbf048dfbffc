// Brings one tensor of a file into the shape that a model has for it.
#pragma once

#include <torch/types.h>

#include <string>

namespace fer {

/// A tensor and where it comes from.
struct NamedTensor {
  std::string name;
  torch::Tensor tensor;
};

/// What was done to a tensor; kNone: it fitted.
enum class Change { kNone, kResizedPositions, kSummedChannels, kSpreadChannel };

/// "positions resized (bicubic)", for the report.
const char* words(Change change);

struct Fitted {
  torch::Tensor value;
  Change change = Change::kNone;
};

/// `theirs` in the shape of `ours`:
///   pos_embed     [1, 1 + a*a, width] to [1, 1 + b*b, width]
///   (resize_positions) the stem      [out, 3, k, k] to [out, 1, k, k] by the
///   sum over channels,
///                 which is the same function of a gray picture; [out, 1, k, k]
///                 to [out, 3, k, k] by a third of it for each channel
/// DataError: any other shape (both names and shapes), values that are not
/// floats or not finite.
Fitted fit_tensor(const NamedTensor& ours, const NamedTensor& theirs,
                  bool is_stem);

/// Whether a tensor belongs to the last layer, whose size is the number of
/// classes: fc., head., classifier. or logits.
bool is_head(const std::string& name);

/// Whether two heads differ in the number of classes, and in nothing else.
bool other_classes(const torch::Tensor& ours, const torch::Tensor& theirs);

/// "[64, 3, 7, 7]".
std::string shape_words(const torch::Tensor& tensor);

}  // namespace fer
