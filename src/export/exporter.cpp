#include "export/exporter.h"

#include <ATen/ATen.h>

#include <set>

#include "core/error.h"
#include "export/finish_model.h"
#include "export/operators.h"
#include "export/trace.h"
#include "train/version.h"

namespace fer {
namespace {

// In evaluation mode and without gradients during its life, then as before.
class Frozen {
 public:
  explicit Frozen(Model& model) {
    for (const auto& module : model.modules())
      modes_.emplace_back(module.get(), module->is_training());
    for (torch::Tensor& p : model.parameters()) {
      if (!p.requires_grad()) continue;
      p.requires_grad_(false);
      trained_.push_back(p);
    }
    model.eval();
  }
  ~Frozen() {
    for (torch::Tensor& p : trained_) p.requires_grad_(true);
    // Parents first: train() speaks for the children too.
    for (const auto& [module, training] : modes_) module->train(training);
  }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  std::vector<std::pair<torch::nn::Module*, bool>> modes_;
  std::vector<torch::Tensor> trained_;
};

void check_logits(const torch::Tensor& logits, const OnnxContract& contract) {
  const auto classes = static_cast<int64_t>(contract.classes.size());
  const bool one_each = logits.dim() == 2 && logits.size(1) == classes;
  const bool binary = logits.dim() == 2 && classes == 2 && logits.size(1) == 1;
  if (one_each || binary) return;
  Shape shape = logits.sizes().vec();
  if (!shape.empty()) shape[0] = kBatch;
  fail<DataError>(
      "[export] expected logits [N, {}]{}; got {}. Give the model's last layer "
      "one output per class.",
      classes, classes == 2 ? " or [N, 1]" : "", to_text(shape));
}

// What the file computes: the contract around the model.
torch::Tensor answer(Model& model, const torch::Tensor& pixels,
                     const OnnxContract& contract) {
  const torch::Tensor images =
      contract.nhwc ? pixels.permute({0, 3, 1, 2}) : pixels;
  const torch::Tensor logits = model.forward(images.to(torch::kFloat).div(255));
  check_logits(logits, contract);
  if (logits.size(1) > 1) return logits.softmax(1);
  const torch::Tensor one = logits.sigmoid();
  return at::cat({at::rsub(one, 1), one}, 1);
}

// Three different images: a batch size may be seen in the shapes.
torch::Tensor example(const OnnxContract& contract) {
  const int64_t h = contract.height, w = contract.width, c = contract.channels;
  torch::Tensor pixels = at::arange(3 * h * w * c).mul(37).remainder(256);
  pixels = contract.nhwc ? pixels.reshape({3, h, w, c})
                         : pixels.reshape({3, c, h, w});
  return pixels.to(contract.uint8_input ? torch::kByte : torch::kFloat);
}

// Operator by operator into the builder.
class Translator {
 public:
  explicit Translator(const TracedGraph& graph, const std::string& name)
      : graph_(graph), onnx_(name), names_(graph.tensors.size()) {}

  onnx::ModelProto translate() {
    const TracedTensor& input = graph_.tensors[graph_.input.index];
    names_[graph_.input.index] = OnnxContract::kInputName;
    described_.insert(OnnxContract::kInputName);
    onnx_.add_input(OnnxContract::kInputName, input.type, input.shape);
    for (const TracedOperator& op : graph_.operators) add(op);
    const TracedTensor& output = graph_.tensors[graph_.output.index];
    onnx_.add_output(names_[graph_.output.index], OnnxContract::kOutputName,
                     output.type, output.shape);
    return onnx_.build();
  }

 private:
  void add(const TracedOperator& op) {
    onnx_.enter(op.module.empty() ? "input" : op.module);
    OperatorCall call(graph_, op, onnx_, names_);
    const TensorNames outputs = find_operator(op)(call);
    for (size_t i = 0; i < std::min(outputs.size(), op.outputs.size()); ++i) {
      const size_t id = op.outputs[i].index;
      names_[id] = outputs[i];
      const TracedTensor& tensor = graph_.tensors[id];
      if (described_.insert(outputs[i]).second)
        onnx_.describe(outputs[i], tensor.type, tensor.shape);
    }
  }

  const TracedGraph& graph_;
  OnnxBuilder onnx_;
  TensorNames names_;
  std::set<std::string> described_;
};

}  // namespace

onnx::ModelProto export_model(Model& model, const OnnxContract& contract) {
  const Frozen frozen(model);
  const TracedGraph graph = trace(
      [&](const torch::Tensor& pixels) {
        return answer(model, pixels, contract);
      },
      named_tensors(model), example(contract));
  onnx::ModelProto proto =
      Translator(graph, contract.model.empty() ? "model" : contract.model)
          .translate();
  label_model(proto, contract, version_json().at("version"));
  check_model(proto);
  return proto;
}

}  // namespace fer
