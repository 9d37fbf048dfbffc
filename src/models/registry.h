// The zoo: every model that an experiment can name.
#pragma once

#include <span>
#include <string>

#include "config/sections.h"
#include "models/model.h"

namespace fer {

struct ModelEntry {
  const char* name;
  ModelPtr (*make)(const ModelConfig& config, const ModelShape& shape);
  ModelShape reference_shape;  ///< the shape of the published model
  const char* reference;
};

std::span<const ModelEntry> zoo();

/// ConfigError lists the known names.
const ModelEntry& find_model(const std::string& name);

/// Builds config.name and fills its weights from `seed`.
ModelPtr make_model(const ModelConfig& config, const ModelShape& shape,
                    uint64_t seed);

}  // namespace fer
