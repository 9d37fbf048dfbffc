#include "open_batch.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/runtime/interpreter.h>

namespace fer {

torch::Tensor traced_logits(Model& model, const torch::Tensor& images) {
  namespace jit = torch::jit;
  model.eval();
  for (torch::Tensor& p : model.parameters()) p.requires_grad_(false);
  const auto forward = [&](jit::Stack inputs) -> jit::Stack {
    return {model.forward(inputs[0].toTensor())};
  };
  const auto no_name = [](const torch::Tensor&) { return std::string(); };
  const auto traced =
      jit::tracer::trace({images.narrow(0, 0, 2)}, forward, no_name);
  jit::Stack stack = {images};
  const jit::Code code(traced.first->graph, "forward");
  jit::InterpreterState(code).run(stack);
  return stack[0].toTensor();
}

}  // namespace fer
