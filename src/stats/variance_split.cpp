#include "stats/variance_split.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "stats/pairing.h"

namespace fer {
namespace {

void check(std::span<const double> right, size_t seeds, size_t images) {
  if (seeds < 2 || images < 2) {
    fail<DataError>(
        "[variance_split] expected two or more seeds and images; got {} seeds "
        "and {} images.",
        seeds, images);
  }
  if (right.size() != seeds * images) {
    fail<DataError>("[variance_split] expected {} x {} values; got {}.", seeds,
                    images, right.size());
  }
  for (size_t i = 0; i < right.size(); ++i) {
    if (std::isfinite(right[i])) continue;
    fail<DataError>(
        "[variance_split] expected finite values; got {} (seed {}, image {}).",
        right[i], i / images, i % images);
  }
}

struct Means {
  std::vector<double> of_seeds, of_images;
  double all = 0;
};

Means means(std::span<const double> right, size_t seeds, size_t images) {
  Means result{std::vector<double>(seeds), std::vector<double>(images)};
  for (size_t s = 0; s < seeds; ++s) {
    for (size_t i = 0; i < images; ++i) {
      result.of_seeds[s] += right[s * images + i] / static_cast<double>(images);
      result.of_images[i] += right[s * images + i] / static_cast<double>(seeds);
    }
    result.all += result.of_seeds[s] / static_cast<double>(seeds);
  }
  return result;
}

double sum_of_squares(const std::vector<double>& values, double centre) {
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum;
}

void add_mean_squares(std::span<const double> right, VarianceSplit& split) {
  const Means mean = means(right, split.seeds, split.images);
  const auto s_count = static_cast<double>(split.seeds);
  const auto i_count = static_cast<double>(split.images);
  double rest = 0;
  for (size_t s = 0; s < split.seeds; ++s) {
    for (size_t i = 0; i < split.images; ++i) {
      const double left = right[s * split.images + i] - mean.of_seeds[s] -
                          mean.of_images[i] + mean.all;
      rest += left * left;
    }
  }
  split.accuracy = mean.all;
  split.mean_square_seed =
      i_count * sum_of_squares(mean.of_seeds, mean.all) / (s_count - 1);
  split.mean_square_image =
      s_count * sum_of_squares(mean.of_images, mean.all) / (i_count - 1);
  split.mean_square_rest = rest / ((s_count - 1) * (i_count - 1));
}

}  // namespace

VarianceSplit variance_split(std::span<const double> right, size_t seeds,
                             size_t images) {
  check(right, seeds, images);
  VarianceSplit split;
  split.seeds = seeds;
  split.images = images;
  add_mean_squares(right, split);
  const auto s = static_cast<double>(seeds), i = static_cast<double>(images);
  split.rest = split.mean_square_rest;
  split.seed = std::max(0.0, (split.mean_square_seed - split.rest) / i);
  split.image = std::max(0.0, (split.mean_square_image - split.rest) / s);
  split.std_seed = std::sqrt(split.seed + split.rest / i);
  split.std_sample = std::sqrt((split.image + split.rest) / i);
  split.std_both = std::sqrt(split.seed + (split.image + split.rest) / i);
  split.std_mean =
      std::sqrt(split.seed / s + split.image / i + split.rest / (s * i));
  return split;
}

VarianceSplit variance_split(std::span<const Predictions> runs) {
  if (runs.empty()) {
    fail<DataError>(
        "[variance_split] expected the predictions of two or more seeds; got "
        "none.");
  }
  std::vector<double> right;
  for (const Predictions& run : runs) {
    for (const size_t row : pair_rows(runs[0], run).b)
      right.push_back(run.predicted[row] == run.labels[row] ? 1.0 : 0.0);
  }
  return variance_split(right, runs.size(), runs[0].size());
}

}  // namespace fer
