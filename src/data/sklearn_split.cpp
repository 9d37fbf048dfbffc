#include "data/sklearn_split.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include "core/error.h"

namespace fer {
namespace {

// The rows of each class in order, classes by ascending label.
std::vector<std::vector<int64_t>> rows_by_class(
    std::span<const int64_t> labels) {
  std::map<int64_t, std::vector<int64_t>> rows;
  for (size_t i = 0; i < labels.size(); ++i)
    rows[labels[i]].push_back(static_cast<int64_t>(i));
  std::vector<std::vector<int64_t>> list;
  for (auto& [label, members] : rows) list.push_back(std::move(members));
  return list;
}

std::vector<int64_t> counts_of(
    const std::vector<std::vector<int64_t>>& classes) {
  std::vector<int64_t> counts;
  for (const auto& rows : classes)
    counts.push_back(static_cast<int64_t>(rows.size()));
  return counts;
}

std::vector<int64_t> shuffled(std::vector<int64_t> rows, NumpyRandom& random) {
  random.shuffle(std::span(rows));
  return rows;
}

void check_strata(const std::vector<int64_t>& counts, TrainTestSizes sizes) {
  if (*std::ranges::min_element(counts) < 2) {
    fail<DataError>(
        "[split] expected at least 2 rows of every class to stratify; got a "
        "class with 1. Remove the class or set split.stratify: false.");
  }
  if (std::min(sizes.train, sizes.test) < counts.size()) {
    fail<DataError>(
        "[split] expected at least {} rows on each side, one per class; got "
        "{} and {}. Change the shares or set split.stratify: false.",
        counts.size(), sizes.train, sizes.test);
  }
}

}  // namespace

TrainTestSizes train_test_sizes(size_t n, SideSize train, SideSize test) {
  const auto rows = static_cast<double>(n);
  std::optional<size_t> n_train = train.count, n_test = test.count;
  if (train.share)
    n_train =
        static_cast<size_t>(std::floor(std::max(0.0, *train.share) * rows));
  if (test.share)
    n_test = static_cast<size_t>(std::ceil(std::max(0.0, *test.share) * rows));
  if (!n_train && !n_test) n_test = static_cast<size_t>(std::ceil(0.25 * rows));
  if (!n_train) n_train = n - std::min(n, *n_test);
  if (!n_test) n_test = n - std::min(n, *n_train);
  if (*n_train == 0 || *n_test == 0 || *n_train + *n_test > n) {
    fail<DataError>(
        "[split] expected two sides of at least 1 row within {}; got {} and "
        "{}. Change the shares.",
        n, *n_train, *n_test);
  }
  return {*n_train, *n_test};
}

TrainTest train_test_split(size_t n, SideSize train, SideSize test,
                           uint32_t seed) {
  const TrainTestSizes sizes = train_test_sizes(n, train, test);
  const std::vector<int64_t> order = NumpyRandom(seed).permutation(n);
  const auto middle = order.begin() + static_cast<ptrdiff_t>(sizes.test);
  return {{middle, middle + static_cast<ptrdiff_t>(sizes.train)},
          {order.begin(), middle}};
}

TrainTest train_test_split(std::span<const int64_t> labels, SideSize train,
                           SideSize test, uint32_t seed) {
  const TrainTestSizes sizes = train_test_sizes(labels.size(), train, test);
  const auto classes = rows_by_class(labels);
  std::vector<int64_t> counts = counts_of(classes);
  check_strata(counts, sizes);
  NumpyRandom random(seed);
  const auto n_train =
      approx_mode(counts, static_cast<int64_t>(sizes.train), random);
  for (size_t c = 0; c < counts.size(); ++c) counts[c] -= n_train[c];
  const auto n_test =
      approx_mode(counts, static_cast<int64_t>(sizes.test), random);
  TrainTest sides;
  for (size_t c = 0; c < classes.size(); ++c) {
    const auto order = random.permutation(classes[c].size());
    for (int64_t i = 0; i < n_train[c] + n_test[c]; ++i) {
      auto& side = i < n_train[c] ? sides.train : sides.test;
      side.push_back(
          classes[c][static_cast<size_t>(order[static_cast<size_t>(i)])]);
    }
  }
  sides.train = shuffled(std::move(sides.train), random);
  sides.test = shuffled(std::move(sides.test), random);
  return sides;
}

std::vector<int64_t> resample(size_t n, size_t n_samples, bool replace,
                              uint32_t seed) {
  if (n == 0) fail<DataError>("[split] expected rows to draw from; got none.");
  return NumpyRandom(seed).choice(n, n_samples, replace);
}

std::vector<int64_t> resample(std::span<const int64_t> labels, size_t n_samples,
                              bool replace, uint32_t seed) {
  if (labels.empty())
    fail<DataError>("[split] expected rows to draw from; got none.");
  const auto classes = rows_by_class(labels);
  NumpyRandom random(seed);
  const auto draws =
      approx_mode(counts_of(classes), static_cast<int64_t>(n_samples), random);
  std::vector<int64_t> rows;
  for (size_t c = 0; c < classes.size(); ++c) {
    for (const int64_t i : random.choice(
             classes[c].size(), static_cast<size_t>(draws[c]), replace)) {
      rows.push_back(classes[c][static_cast<size_t>(i)]);
    }
  }
  return shuffled(std::move(rows), random);
}

std::vector<int64_t> approx_mode(std::span<const int64_t> class_counts,
                                 int64_t n_draws, NumpyRandom& random) {
  const auto total = static_cast<double>(
      std::accumulate(class_counts.begin(), class_counts.end(), int64_t{0}));
  std::vector<double> rest;
  std::vector<int64_t> draws;
  for (const int64_t count : class_counts) {
    // In this order: another one rounds ties differently.
    const double share =
        static_cast<double>(count) / total * static_cast<double>(n_draws);
    draws.push_back(static_cast<int64_t>(std::floor(share)));
    rest.push_back(share - std::floor(share));
  }
  int64_t need =
      n_draws - std::accumulate(draws.begin(), draws.end(), int64_t{0});
  const std::set<double, std::greater<>> values(rest.begin(), rest.end());
  for (auto value = values.begin(); need > 0 && value != values.end();
       ++value) {
    std::vector<size_t> tied;
    for (size_t c = 0; c < rest.size(); ++c) {
      if (rest[c] == *value) tied.push_back(c);
    }
    const size_t add = std::min(tied.size(), static_cast<size_t>(need));
    for (const int64_t i : random.choice(tied.size(), add, false))
      ++draws[tied[static_cast<size_t>(i)]];
    need -= static_cast<int64_t>(add);
  }
  return draws;
}

}  // namespace fer
