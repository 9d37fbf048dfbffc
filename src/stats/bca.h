// The interval of a bootstrap, from its resamples: no randomness here.
// Bias-corrected and accelerated (Efron 1987; Efron & Tibshirani 1993, ch. 14).
// With B values t* of the resamples, the value t on the rows, and Phi the
// normal distribution:
//   z0 = Phi^-1((#{t* < t} + #{t* <= t}) / 2B)
//   a  = sum_h sum_i U_hi^3 / n_h^3 / (6 (sum_h sum_i U_hi^2 / n_h^2)^(3/2))
//   U_hi = (n_h - 1) (mean_i t_h(-i) - t_h(-i)), t_h(-i) without unit i of
//   the n_h units of stratum h
//   end(q) = quantile Phi(z0 + (z0 + z_q) / (1 - a (z0 + z_q))) of the t*
// Quantiles are interpolated linearly. scipy.stats.bootstrap does the same.
#pragma once

#include <span>
#include <vector>

#include "metrics/proportion.h"

namespace fer {

/// Numbers between 0 and 1 of a sorted sample, interpolated linearly like
/// numpy's default.
double sorted_quantile(std::span<const double> sorted, double q);

/// `jackknife[h]`: the statistic without each unit of stratum h. NaN where no
/// unit changes it; strata of one unit and NaN values say nothing.
double acceleration(const std::vector<std::vector<double>>& jackknife);

/// z0 above; `sorted` rises. Infinite when all resamples lie on one side.
double bias_correction(std::span<const double> sorted, double value);

/// Whether BCa is defined for these; else the percentile interval serves.
bool bca_defined(double z0, double acceleration, double level);

Interval bca_interval(std::span<const double> sorted, double z0,
                      double acceleration, double level);
Interval percentile_interval(std::span<const double> sorted, double level);

/// Two-sided p of "the true value is 0": 1 - the level at which one end is 0.
/// At least 2 / (B + 1), at most 1. z0 and acceleration 0: percentile.
double p_of_zero(std::span<const double> sorted, double z0,
                 double acceleration);

}  // namespace fer
