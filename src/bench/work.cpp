#include "bench/work.h"

#include <set>

#include "models/summary.h"

namespace fer {
namespace {

// Paths of the modules with a parameter of their own that trains.
std::set<std::string> training_layers(const Model& model) {
  std::set<std::string> paths;
  for (const auto& [name, tensor] : named_parameters(model)) {
    if (tensor.requires_grad()) paths.insert(name.substr(0, name.rfind('.')));
  }
  return paths;
}

}  // namespace

Work count_work(Model& model, const ModelShape& shape) {
  const std::set<std::string> training = training_layers(model);
  Work work;
  bool flows = false;  // a gradient comes back to the inputs of this layer
  for (const LayerRecord& layer : summarise(model, shape).layers) {
    const int64_t n = layer.multiply_adds;
    work.forward += n;
    work.layers[layer.name] += n;
    work.training += n;
    const bool trains = training.contains(layer.name);
    if (flows) work.training += n;
    // Products of two activations (attention) have two inputs and no weights.
    if (trains || (flows && layer.trainable == 0)) work.training += n;
    flows = flows || trains;
  }
  return work;
}

}  // namespace fer
