#include "stats/reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace fer {

const Json& stats_reference(const std::string& name) {
  static std::map<std::string, Json> files;
  const auto found = files.find(name);
  if (found != files.end()) return found->second;
  return files[name] =
             read_json(FERBENCH_TEST_DIR "/reference/stats_" + name + ".json");
}

std::vector<double> numbers(const Json& list) {
  return list.get<std::vector<double>>();
}

std::vector<int64_t> integers(const Json& list) {
  return list.get<std::vector<int64_t>>();
}

void expect_close(double value, const Json& expected, const std::string& what,
                  double tolerance) {
  const auto number = expected.get<double>();
  EXPECT_NEAR(value, number, tolerance * std::max(1.0, std::abs(number)))
      << what;
}

}  // namespace fer
