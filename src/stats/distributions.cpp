#include "stats/distributions.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {

namespace bm = boost::math;

double normal_cdf(double z) {
  if (std::isinf(z)) return z > 0 ? 1 : 0;
  return bm::cdf(bm::normal(), z);
}

double normal_quantile(double p) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  return bm::quantile(bm::normal(), p);
}

double student_t_quantile(double p, double freedom) {
  return bm::quantile(bm::students_t(freedom), p);
}

double student_t_p(double t, double freedom) {
  return 2 * bm::cdf(bm::complement(bm::students_t(freedom), std::abs(t)));
}

double binomial_cdf(int64_t k, int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return bm::cdf(bm::binomial(static_cast<double>(n), p),
                 static_cast<double>(k));
}

double binomial_pmf(int64_t k, int64_t n, double p) {
  if (k < 0 || k > n) return 0;
  return bm::pdf(bm::binomial(static_cast<double>(n), p),
                 static_cast<double>(k));
}

void check_level(const char* where, double level) {
  if (level > 0 && level < 1) return;
  fail<DataError>(
      "[{}] expected a level between 0 and 1; got {}. 0.95 is usual.", where,
      level);
}

double two_sided_z(const char* where, double level) {
  check_level(where, level);
  return normal_quantile((1 + level) / 2);
}

}  // namespace fer
