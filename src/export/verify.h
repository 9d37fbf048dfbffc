// Is the file right? OpenVINO's answers in process against the model's own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "export/pixels.h"

namespace fer {

/// What the trained model answers.
struct VerifyReference {
  Pixels images;                         ///< the whole test split
  std::span<const float> probabilities;  ///< `[count, classes]`, rows sum to 1
};

/// The images that the loss of accuracy is measured on, and the truth about
/// them. Not the test split: whether a file is good enough is a choice.
struct DropReference {
  std::string split;  ///< "val"
  VerifyReference answers;
  std::span<const int64_t> labels;  ///< `[count]`; empty: nothing is measured
};

struct VerifyOptions {
  /// Of one probability. fp32: 1e-5 for small models, 1e-4 for deep ones;
  /// fp16 1e-2; int8 is judged by its accuracy: 1.
  double max_difference = 1e-5;
  /// Points of accuracy that may be lost on the images of DropReference.
  double max_drop = 0.5;
  /// Whether every image must get the class that the model gives it. Images
  /// whose two best probabilities lie within max_difference are exempt.
  bool same_class = true;
};

/// fp32, fp16, int8, as in the file's metadata.
VerifyOptions verify_options(std::string_view precision);

struct Check {
  std::string name;  ///< "batch 7", "same class"
  bool passed = false;
  std::string expected;  ///< "a difference of at most 1e-05"
  std::string got;       ///< "2.1e-07"
};

struct VerifyResult {
  std::vector<Check> checks;
  int64_t images = 0;
  double max_difference = 0;  ///< over the whole split
  double agreement = 0;       ///< share of images with the same class
  std::string drop_split;     ///< of what follows; "": not measured
  int64_t drop_images = 0;
  double accuracy = 0;  ///< of the file
  double reference_accuracy = 0;
  double drop_points = 0;  ///< 100 * (reference_accuracy - accuracy)

  bool passed() const;
  Json to_json() const;
};

/// Checks, in this order, until one says that the rest makes no sense: the ONNX
/// checker; OpenVINO loads it; input and output as the metadata promises and
/// the reference needs; batches of 1, 2 and 7; the whole split (finite rows
/// that sum to 1, difference, same class); the drop. `onnx` are the bytes of
/// the file. DataError only for a reference that contradicts itself.
VerifyResult verify(std::string_view onnx, const VerifyReference& reference,
                    const DropReference& drop, const VerifyOptions& options);

/// DataError that names the first failed check; `name` is the file's.
void require_passed(const VerifyResult& result, const std::string& name);

}  // namespace fer
