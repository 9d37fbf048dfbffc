// model.dropout, for models whose rates have a meaning each.
#pragma once

#include <string>
#include <vector>

#include "config/sections.h"

namespace fer {

/// config.dropout, or `own` where it is empty. ConfigError for another number
/// of rates than `own` has; `meaning` says what they are, in their order.
std::vector<double> dropout_rates(const ModelConfig& config,
                                  const std::string& meaning,
                                  std::vector<double> own);

}  // namespace fer
