#include "export/calibration_ranges.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/openvino.hpp>
#include <span>

#include "core/error.h"
#include "deploy/onnx_contract.h"
#include "export/layer_weights.h"
#include "export/onnx_graph.h"
#include "export/value_histogram.h"

namespace fer {
namespace {

constexpr int64_t kBatch = 32;
constexpr double kTail = 1e-4;

OnnxContract contract_of(const onnx::ModelProto& model) {
  OnnxMetadata metadata;
  for (const auto& entry : model.metadata_props())
    metadata[entry.key()] = entry.value();
  return from_metadata(metadata, "the exported graph");
}

/// The graph with these tensors as its only outputs.
std::string with_outputs(const onnx::ModelProto& model,
                         const std::vector<std::string>& tensors) {
  onnx::ModelProto copy = model;
  copy.mutable_graph()->clear_output();
  for (const std::string& tensor : tensors) {
    auto& output = *copy.mutable_graph()->add_output();
    output.set_name(tensor);
    output.mutable_type()->mutable_tensor_type()->set_elem_type(
        onnx::TensorProto::FLOAT);
  }
  return copy.SerializeAsString();
}

/// What each tensor holds, batch after batch.
class Probe {
 public:
  using Visit = std::function<void(size_t tensor, std::span<const float>)>;

  Probe(const onnx::ModelProto& model, const std::vector<std::string>& tensors)
      : tensors_(tensors), contract_(contract_of(model)) {
    ov::Core core;
    auto network = core.read_model(with_outputs(model, tensors), ov::Tensor());
    // Images come as they do in prediction; OpenVINO turns them around.
    ov::preprocess::PrePostProcessor steps(network);
    steps.input().tensor().set_element_type(ov::element::u8).set_layout("NHWC");
    steps.input().model().set_layout(contract_.nhwc ? "NHWC" : "NCHW");
    network = steps.build();
    request_ =
        core.compile_model(network, "CPU",
                           ov::hint::inference_precision(ov::element::f32),
                           ov::hint::enable_cpu_pinning(false))
            .create_infer_request();
  }

  void run(const Pixels& images, const Visit& visit) {
    check_fits(images, contract_, "quantize");
    for (int64_t first = 0; first < images.count; first += kBatch) {
      const int64_t n = std::min(kBatch, images.count - first);
      std::vector<uint8_t> pixels = channels_last(images, contract_, first, n);
      const ov::Shape shape{static_cast<size_t>(n),
                            static_cast<size_t>(contract_.height),
                            static_cast<size_t>(contract_.width),
                            static_cast<size_t>(contract_.channels)};
      request_.set_input_tensor({ov::element::u8, shape, pixels.data()});
      request_.infer();
      for (size_t i = 0; i < tensors_.size(); ++i) {
        const ov::Tensor tensor = request_.get_tensor(tensors_[i]);
        visit(i, {tensor.data<const float>(), tensor.get_size()});
      }
    }
  }

 private:
  std::vector<std::string> tensors_;
  OnnxContract contract_;
  ov::InferRequest request_;
};

void check_names(const onnx::ModelProto& model,
                 const std::vector<std::string>& tensors) {
  std::set<std::string> made;
  for (const auto& input : model.graph().input()) made.insert(input.name());
  for (const auto& node : model.graph().node())
    made.insert(node.output().begin(), node.output().end());
  for (const auto& tensor : tensors) {
    if (made.count(tensor)) continue;
    fail<DataError>(
        "[quantize] expected the tensor '{}' in the graph; got none of that "
        "name. Calibrate the graph that is quantised.",
        tensor);
  }
}

std::vector<TensorRange> extremes(Probe& probe, const Pixels& images,
                                  const std::vector<std::string>& tensors) {
  std::vector<TensorRange> seen(tensors.size(), {INFINITY, -INFINITY});
  probe.run(images, [&](size_t i, std::span<const float> values) {
    for (const double value : values) {
      if (!std::isfinite(value)) {
        fail<DataError>(
            "[quantize] expected finite values on the calibration images; got "
            "{} in the tensor '{}'. Train the run again: it has diverged.",
            value, tensors[i]);
      }
      seen[i].low = std::min(seen[i].low, value);
      seen[i].high = std::max(seen[i].high, value);
    }
  });
  return seen;
}

/// The tensors that are made from pixels alone: their values come in steps
/// already, which a narrower range would only harm.
std::set<std::string> scaled_pixels(const onnx::ModelProto& model) {
  onnx::ModelProto copy = model;
  OnnxGraph graph(copy, "quantize");
  std::set<std::string> behind, pixels;
  for (const auto& input : model.graph().input()) pixels.insert(input.name());
  for (const auto& node : graph.proto().node()) {
    const bool learned = is_weighted(graph, node) ||
                         std::ranges::any_of(node.input(), [&](const auto& i) {
                           return behind.count(i);
                         });
    for (const auto& output : node.output())
      (learned ? behind : pixels).insert(output);
  }
  return pixels;
}

}  // namespace

TensorRanges collect_ranges(const onnx::ModelProto& model, const Pixels& images,
                            const std::vector<std::string>& tensors,
                            RangeRule rule) {
  if (tensors.empty()) return {};
  check_names(model, tensors);
  Probe probe(model, tensors);
  const std::vector<TensorRange> seen = extremes(probe, images, tensors);
  std::vector<ValueHistogram> histograms(seen.begin(), seen.end());
  if (rule != RangeRule::kMinMax)
    probe.run(images, [&](size_t i, std::span<const float> values) {
      histograms[i].add(values);
    });
  const std::set<std::string> pixels = scaled_pixels(model);
  TensorRanges ranges;
  for (size_t i = 0; i < tensors.size(); ++i) {
    TensorRange& range = ranges[tensors[i]] = seen[i];
    if (rule == RangeRule::kMinMax || pixels.count(tensors[i])) continue;
    range = rule == RangeRule::kMse ? histograms[i].least_error()
                                    : histograms[i].without_tails(kTail);
  }
  return ranges;
}

}  // namespace fer
