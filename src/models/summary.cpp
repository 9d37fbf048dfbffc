#include "models/summary.h"

#include <ATen/ATen.h>
#include <fmt/core.h>

#include <functional>
#include <numeric>

#include "core/text.h"

namespace fer {
namespace {

std::string format_shape(const std::vector<int64_t>& shape) {
  std::vector<std::string> parts = {"None"};
  for (size_t i = 1; i < shape.size(); ++i)
    parts.push_back(std::to_string(shape[i]));
  return fmt::format("({})", join(parts, ", "));
}

constexpr int64_t kFloatBytes = 4;

std::string megabytes(int64_t bytes) {
  return fmt::format("{:.2f} MB", static_cast<double>(bytes) / (1 << 20));
}

int64_t elements(const std::vector<int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1},
                         std::multiplies<>());
}

}  // namespace

ModelSummary summarise(Model& model, const ModelShape& shape) {
  const torch::NoGradGuard guard;
  const bool training = model.is_training();
  model.eval();
  const auto device = model.parameters().front().device();
  const LayerRecorder scope(model);
  model.forward(torch::zeros(
      {1, shape.channels, shape.image_size, shape.image_size}, device));
  model.train(training);
  ModelSummary summary;
  summary.layers = scope.records;
  for (const LayerRecord& layer : summary.layers) {
    summary.multiply_adds += layer.multiply_adds;
    summary.activation_bytes += kFloatBytes * elements(layer.output_shape);
  }
  for (const auto& tensor : model.parameters())
    summary.trainable += tensor.numel();
  summary.parameters = summary.trainable;
  for (const auto& tensor : model.buffers())
    summary.parameters += tensor.numel();
  return summary;
}

std::string with_commas(int64_t n) {
  std::string digits = std::to_string(n);
  for (auto i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<size_t>(i), ",");
  }
  return digits;
}

std::string format_summary(const std::string& name,
                           const ModelSummary& summary) {
  std::vector<std::vector<std::string>> rows = {
      {"Layer (type)", "Output shape", "Param #", "MFLOP"}};
  for (const LayerRecord& layer : summary.layers) {
    rows.push_back(
        {fmt::format("{} ({})", layer.name, layer.kind),
         format_shape(layer.output_shape), with_commas(layer.parameters),
         fmt::format("{:.2f}",
                     2e-6 * static_cast<double>(layer.multiply_adds))});
  }
  const int64_t fixed = summary.parameters - summary.trainable;
  return fmt::format(
      "Model: \"{}\"\n{} Total params: {} ({})\n Trainable params: {} ({})\n "
      "Non-trainable params: {} ({})\n Forward: {:.3f} GFLOP, {} of "
      "activations per image\n",
      name, format_table(rows), with_commas(summary.parameters),
      megabytes(kFloatBytes * summary.parameters),
      with_commas(summary.trainable),
      megabytes(kFloatBytes * summary.trainable), with_commas(fixed),
      megabytes(kFloatBytes * fixed), summary.gflops(),
      megabytes(summary.activation_bytes));
}

}  // namespace fer
