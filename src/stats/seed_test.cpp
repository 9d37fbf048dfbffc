#include "stats/seed_test.h"

#include <cmath>

#include "stats/distributions.h"

namespace fer {

SeedPart operator+(const SeedPart& a, const SeedPart& b) {
  return {a.variance + b.variance, a.weight + b.weight};
}

SeedTest seed_test(double value, double standard_error, const SeedPart& part) {
  const double variance = standard_error * standard_error + part.variance;
  const double freedom = variance * variance / part.weight;
  const double error = std::sqrt(variance);
  const double reach = student_t_quantile(0.975, freedom) * error;
  return {{value - reach, value + reach}, student_t_p(value / error, freedom)};
}

}  // namespace fer
