#include "models/weight_fit.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>

#include <cmath>

#include "config/faults.h"
#include "core/error.h"
#include "models/vit.h"

namespace fer {
namespace {

[[noreturn]] void wrong_shape(const NamedTensor& ours,
                              const NamedTensor& theirs) {
  fail<DataError>(
      "[weights] expected {} of shape {} for {}; got shape {}. The weights "
      "belong to another model: check model.name, model.stem and "
      "model.vit.patch_size.",
      in_quotes(theirs.name), shape_words(ours.tensor), in_quotes(ours.name),
      shape_words(theirs.tensor));
}

void check_values(const NamedTensor& theirs) {
  if (!theirs.tensor.is_floating_point()) {
    fail<DataError>(
        "[weights] expected floating-point numbers in {}; got {}. Save the "
        "weights as float32.",
        in_quotes(theirs.name), torch::toString(theirs.tensor.scalar_type()));
  }
  if (!theirs.tensor.isfinite().all().item<bool>()) {
    fail<DataError>(
        "[weights] expected finite numbers in {}; got NaN or infinity. The "
        "weights are damaged, or their training diverged: take another file.",
        in_quotes(theirs.name));
  }
}

// Side of the square grid of `[1, 1 + side * side, width]`; 0: none.
int64_t grid_side(const torch::Tensor& positions) {
  if (positions.dim() != 3 || positions.size(0) != 1) return 0;
  const int64_t patches = positions.size(1) - 1;
  const auto side = static_cast<int64_t>(std::llround(
      std::sqrt(static_cast<double>(std::max<int64_t>(patches, 0)))));
  return side * side == patches ? side : 0;
}

bool is_resizable(const NamedTensor& ours, const torch::Tensor& theirs) {
  return ours.name == "pos_embed" && grid_side(ours.tensor) > 0 &&
         grid_side(theirs) > 0 && theirs.size(2) == ours.tensor.size(2);
}

// Both [out, C, k, k], alike but for the channels.
bool alike_but_channels(const torch::Tensor& a, const torch::Tensor& b) {
  return a.dim() == 4 && b.dim() == 4 && a.size(0) == b.size(0) &&
         a.size(2) == b.size(2) && a.size(3) == b.size(3);
}

}  // namespace

const char* words(Change change) {
  switch (change) {
    case Change::kNone:
      return "as it was";
    case Change::kResizedPositions:
      return "position grid resized (bicubic)";
    case Change::kSummedChannels:
      return "3 channels summed to 1";
    case Change::kSpreadChannel:
      return "1 channel spread over 3, a third each";
  }
  return "";
}

Fitted fit_tensor(const NamedTensor& ours, const NamedTensor& theirs,
                  bool is_stem) {
  check_values(theirs);
  const torch::Tensor& target = ours.tensor;
  const torch::Tensor& value = theirs.tensor;
  if (value.sizes() == target.sizes()) return {value, Change::kNone};
  if (is_resizable(ours, value)) {
    return {resize_positions(value, grid_side(value), grid_side(target)),
            Change::kResizedPositions};
  }
  if (!is_stem || !alike_but_channels(target, value)) wrong_shape(ours, theirs);
  if (target.size(1) == 1 && value.size(1) == 3)
    return {value.sum(1, /*keepdim=*/true), Change::kSummedChannels};
  if (target.size(1) == 3 && value.size(1) == 1)
    return {(value / 3).expand_as(target), Change::kSpreadChannel};
  wrong_shape(ours, theirs);
}

bool is_head(const std::string& name) {
  for (const char* head : {"fc.", "head.", "classifier.", "logits."}) {
    if (name.starts_with(head)) return true;
  }
  return false;
}

bool other_classes(const torch::Tensor& ours, const torch::Tensor& theirs) {
  return ours.dim() == theirs.dim() && ours.dim() > 0 &&
         ours.size(0) != theirs.size(0) &&
         ours.sizes().slice(1) == theirs.sizes().slice(1);
}

std::string shape_words(const torch::Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.sizes().vec(), ", "));
}

}  // namespace fer
