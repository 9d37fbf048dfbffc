// scikit-learn's resample and train_test_split, index for index (checked
// against 1.9.1): what the `report` protocol and every stratified split stand
// on. Each function starts a fresh RandomState(seed), as a call with
// random_state=seed does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/numpy_random.h"

namespace fer {

/// How much goes to a side: a share of the rows, or a count. At most one is
/// set; neither: what the other side leaves (both sides open: 25 % test).
struct SideSize {
  std::optional<double> share = {};
  std::optional<size_t> count = {};
};

struct TrainTest {
  std::vector<int64_t> train, test;
};

/// Rows on each side: ceil(share n) for test, floor(share n) for train. Error
/// where a side would be empty or the two exceed n.
struct TrainTestSizes {
  size_t train, test;
};
TrainTestSizes train_test_sizes(size_t n, SideSize train, SideSize test);

/// train_test_split(arange(n), shuffle=True).
TrainTest train_test_split(size_t n, SideSize train, SideSize test,
                           uint32_t seed);

/// train_test_split(arange(n), stratify=labels). Error where a class has one
/// row only, or a side has fewer rows than there are classes.
TrainTest train_test_split(std::span<const int64_t> labels, SideSize train,
                           SideSize test, uint32_t seed);

/// resample(arange(n), replace, n_samples). Error where n is 0, or without
/// replacement n_samples > n.
std::vector<int64_t> resample(size_t n, size_t n_samples, bool replace,
                              uint32_t seed);

/// resample(arange(n), replace, n_samples, stratify=labels).
std::vector<int64_t> resample(std::span<const int64_t> labels, size_t n_samples,
                              bool replace, uint32_t seed);

/// How many of n_draws fall to each class: the mode of the multivariate
/// hypergeometric distribution, ties dealt by `random`
/// (sklearn.utils.extmath._approximate_mode).
std::vector<int64_t> approx_mode(std::span<const int64_t> class_counts,
                                 int64_t n_draws, NumpyRandom& random);

}  // namespace fer
