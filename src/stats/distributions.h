// The distributions that intervals and tests need; Boost.Math does the work.
#pragma once

#include <cstdint>

namespace fer {

double normal_cdf(double z);       ///< P(Z <= z); -inf and inf give 0 and 1
double normal_quantile(double p);  ///< 0 and 1 give -inf and inf

/// Student's t with `freedom` > 0 degrees of freedom; 0 < p < 1.
double student_t_quantile(double p, double freedom);
/// Two-sided: P(|T| >= |t|).
double student_t_p(double t, double freedom);

/// X ~ Bin(n, p) for n >= 0, 0 <= p <= 1: P(X <= k), and P(X = k).
double binomial_cdf(int64_t k, int64_t n, double p);
double binomial_pmf(int64_t k, int64_t n, double p);

/// DataError unless 0 < level < 1; `where` is the name in the message.
void check_level(const char* where, double level);

/// The z of a two-sided level: 0.95 gives 1.96. Throws like check_level.
double two_sided_z(const char* where, double level);

}  // namespace fer
