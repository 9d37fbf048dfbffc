// Values that the scripts tests/reference/stats_*.py made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"

namespace fer {

/// tests/reference/stats_<name>.json, read once.
const Json& stats_reference(const std::string& name);

std::vector<double> numbers(const Json& list);
std::vector<int64_t> integers(const Json& list);

/// Equal to `tolerance` of max(1, |expected|).
void expect_close(double value, const Json& expected, const std::string& what,
                  double tolerance = 1e-12);

}  // namespace fer
