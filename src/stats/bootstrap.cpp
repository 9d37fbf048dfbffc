#include "stats/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "core/parallel.h"
#include "stats/bca.h"
#include "stats/distributions.h"
#include "stats/resampler.h"

namespace fer {
namespace {

/// Calls of one thread at a time; enough of them that starting costs nothing.
constexpr size_t kGrain = 64;

void check(const BootstrapOptions& options) {
  check_level("bootstrap", options.level);
  if (options.resamples < 100) {
    fail<DataError>(
        "[bootstrap] expected 100 resamples or more; got {}. 10000 are usual.",
        options.resamples);
  }
}

double on_all_rows(size_t rows, const Statistic& statistic) {
  const std::vector<double> ones(rows, 1.0);
  const double value = statistic(ones);
  if (!std::isfinite(value)) {
    fail<DataError>(
        "[bootstrap] expected a statistic that is defined on all {} rows; got "
        "{}. Has a class no images?",
        rows, value);
  }
  return value;
}

// The defined values of the statistic on the resamples, rising.
std::vector<double> resample(const Resampler& rows, const Statistic& statistic,
                             const BootstrapOptions& options) {
  std::vector<double> values(static_cast<size_t>(options.resamples));
  parallel_for(
      values.size(),
      [&](size_t begin, size_t end) {
        std::vector<double> weights(rows.rows());
        for (size_t i = begin; i < end; ++i) {
          rows.draw(options.seed, static_cast<uint32_t>(i), weights);
          values[i] = statistic(weights);
        }
      },
      kGrain, options.threads);
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (2 * values.size() < static_cast<size_t>(options.resamples)) {
    fail<DataError>(
        "[bootstrap] expected a statistic that is defined on most resamples; "
        "got {} of {}. Give the classes as strata, so that none is left out.",
        values.size(), options.resamples);
  }
  std::sort(values.begin(), values.end());
  return values;
}

// The statistic without each unit of stratum h.
std::vector<double> leave_one_out(const Resampler& rows, size_t h,
                                  const Statistic& statistic,
                                  unsigned threads) {
  const size_t n = rows.units(h);
  std::vector<double> values(n);
  if (n < 2) return values;
  // The others make up for it, so that the stratum keeps its share.
  const double weight = static_cast<double>(n) / static_cast<double>(n - 1);
  parallel_for(
      n,
      [&](size_t begin, size_t end) {
        std::vector<double> weights(rows.rows(), 1.0);
        rows.set_stratum(h, weight, weights);
        for (size_t i = begin; i < end; ++i) {
          rows.set_unit(h, i, 0, weights);
          values[i] = statistic(weights);
          rows.set_unit(h, i, weight, weights);
        }
      },
      kGrain, threads);
  return values;
}

double deviation(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / (n - 1));
}

struct Result {
  Estimate estimate;
  double p_of_zero = 1;
};

Result run(size_t rows, const Statistic& statistic,
           const BootstrapOptions& options) {
  check(options);
  const Resampler resampler(rows, options.strata, options.groups);
  Result result;
  Estimate& estimate = result.estimate;
  estimate.value = on_all_rows(rows, statistic);
  const auto values = resample(resampler, statistic, options);
  estimate.undefined = options.resamples - static_cast<int>(values.size());
  estimate.standard_error = deviation(values);

  std::vector<std::vector<double>> jackknife;
  for (size_t h = 0; h < resampler.strata(); ++h)
    jackknife.push_back(
        leave_one_out(resampler, h, statistic, options.threads));
  double z0 = bias_correction(values, estimate.value);
  double a = acceleration(jackknife);
  if (bca_defined(z0, a, options.level)) {
    estimate.interval = bca_interval(values, z0, a, options.level);
  } else {
    z0 = a = 0;
    estimate.method = IntervalMethod::kPercentile;
    estimate.interval = percentile_interval(values, options.level);
  }
  result.p_of_zero = p_of_zero(values, z0, a);
  return result;
}

}  // namespace

const char* name_of(IntervalMethod method) {
  return method == IntervalMethod::kBca ? "bca" : "percentile";
}

Estimate bootstrap(size_t rows, const Statistic& statistic,
                   const BootstrapOptions& options) {
  return run(rows, statistic, options).estimate;
}

PairedDifference paired_bootstrap(size_t rows, const Statistic& a,
                                  const Statistic& b,
                                  const BootstrapOptions& options) {
  const Result result = run(
      rows,
      [&](std::span<const double> weights) { return a(weights) - b(weights); },
      options);
  const Estimate& estimate = result.estimate;
  return {estimate.value,  estimate.interval,       result.p_of_zero,
          estimate.method, estimate.standard_error, estimate.undefined};
}

}  // namespace fer
