// Where the doubt about an accuracy comes from: the seed of the training, or
// the sample of test images.
//
// Two-way random effects without replication (Searle, Casella & McCulloch
// 1992, ch. 4) over the table y[s][i] = 1 where seed s has image i right:
//   y = mean + seed_s + image_i + rest_si
//   MS_seed  = I sum_s (y_s. - y..)^2 / (S - 1)
//   MS_image = S sum_i (y_.i - y..)^2 / (I - 1)
//   MS_rest  = sum_si (y_si - y_s. - y_.i + y..)^2 / ((S - 1)(I - 1))
//   var_rest = MS_rest, var_seed = max(0, (MS_seed - MS_rest) / I),
//   var_image = max(0, (MS_image - MS_rest) / S)
// The accuracy of one run is the mean of one row of the table. Its variance
//   with another seed, same images : var_seed + var_rest / I
//   with other images, same seed   : (var_image + var_rest) / I
//   with both                      : var_seed + (var_image + var_rest) / I
// and of the mean over S seeds: var_seed / S + var_image / I + var_rest / SI.
#pragma once

#include <cstddef>
#include <span>

#include "metrics/predictions.h"

namespace fer {

struct VarianceSplit {
  size_t seeds = 0, images = 0;
  double accuracy = 0;  ///< mean over the whole table
  double mean_square_seed = 0, mean_square_image = 0, mean_square_rest = 0;
  double seed = 0, image = 0, rest = 0;  ///< var_seed, var_image, var_rest
  // Standard deviations of one run's accuracy, and of the mean over the seeds:
  double std_seed = 0;    ///< another seed, same images
  double std_sample = 0;  ///< other images, same seed
  double std_both = 0;
  double std_mean = 0;
};

/// `right` is [seeds, images] row by row, any finite numbers (0 and 1 for
/// accuracy). DataError unless there are two seeds and two images or more and
/// the size fits.
VarianceSplit variance_split(std::span<const double> right, size_t seeds,
                             size_t images);

/// The same from one table per seed, rows matched by pair_rows(), which throws
/// where they are not of the same images.
VarianceSplit variance_split(std::span<const Predictions> runs);

}  // namespace fer
