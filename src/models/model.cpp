#include "models/model.h"

namespace fer {

NamedTensors named_parameters(const Model& model) {
  NamedTensors result;
  for (const auto& item : model.named_parameters())
    result.emplace_back(item.key(), item.value());
  return result;
}

NamedTensors named_tensors(const Model& model) {
  NamedTensors result = named_parameters(model);
  for (const auto& item : model.named_buffers())
    result.emplace_back(item.key(), item.value());
  return result;
}

}  // namespace fer
