#include "models/dropout_rates.h"

#include "core/error.h"

namespace fer {

std::vector<double> dropout_rates(const ModelConfig& config,
                                  const std::string& meaning,
                                  std::vector<double> own) {
  if (config.dropout.empty()) return own;
  if (config.dropout.size() != own.size()) {
    fail<ConfigError>(
        "[{}] expected {} dropout rates ({}); got {} (model.dropout). Leave it "
        "out for the model's own.",
        config.name, own.size(), meaning, config.dropout.size());
  }
  return config.dropout;
}

}  // namespace fer
