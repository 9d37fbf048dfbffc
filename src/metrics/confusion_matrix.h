// Who was taken for whom: counts of (true class, predicted class).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fer {

/// Rows are true classes, columns predicted ones.
class ConfusionMatrix {
 public:
  /// Counts N >= 1 pairs. Throws DataError for N = 0, unequal lengths, fewer
  /// than two classes or labels outside [0, classes).
  ConfusionMatrix(std::span<const int64_t> labels,
                  std::span<const int64_t> predicted, size_t classes);

  size_t classes() const { return classes_; }
  int64_t count(size_t truth, size_t predicted) const {
    return counts_[truth * classes_ + predicted];
  }
  int64_t total() const { return total_; }
  int64_t correct() const;              ///< the diagonal
  int64_t support(size_t k) const;      ///< images of class k
  int64_t predictions(size_t k) const;  ///< images taken for class k

  /// [K, K] row by row: each count over the support of its true class
  /// (scikit-learn's normalize="true"); rows of absent classes are 0.
  std::vector<double> normalised() const;

 private:
  size_t classes_;
  std::vector<int64_t> counts_;
  int64_t total_ = 0;
};

}  // namespace fer
