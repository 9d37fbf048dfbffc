#include "models/registry.h"

#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "models/fernet.h"
#include "models/initialise.h"

namespace fer {
namespace {

template <class M>
ModelPtr make(const ModelConfig& config, const ModelShape& shape) {
  return std::make_shared<M>(config, shape);
}

const ModelEntry kZoo[] = {
    {"fernet", &make<Fernet>, {1, 48, 2}, "Fernet report, chapter 5 (Keras)"},
};

}  // namespace

std::span<const ModelEntry> zoo() { return kZoo; }

const ModelEntry& find_model(const std::string& name) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : kZoo) {
    if (name == entry.name) return entry;
    names.emplace_back(entry.name);
  }
  fail<ConfigError>(
      "[models] expected one of {}; got '{}' (model.name). `ferbench models` "
      "lists them.",
      join(names, ", "), name);
}

ModelPtr make_model(const ModelConfig& config, const ModelShape& shape,
                    uint64_t seed) {
  ModelPtr model = find_model(config.name).make(config, shape);
  initialise(*model, config.initialiser, seed);
  return model;
}

}  // namespace fer
