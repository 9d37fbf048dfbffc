// What a model said about every image of a split. Every metric, figure and test
// is computed from this table, once, over all samples.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace fer {

struct Predictions {
  std::vector<std::string> class_names;  ///< K >= 2, by label
  std::vector<std::string> ids;
  std::vector<int64_t> labels;
  std::vector<int64_t> predicted;
  std::vector<double> probabilities;  ///< [N, K], rows sum to 1

  size_t size() const { return labels.size(); }
  size_t classes() const { return class_names.size(); }
  double probability(size_t i, size_t k) const {
    return probabilities[i * classes() + k];
  }
  std::vector<double> scores(size_t k) const;  ///< the column of class k
  /// 1 where class k was predicted, else 0: what the report drew its ROC from.
  std::vector<double> hard_scores(size_t k) const;
};

/// Throws DataError unless there are K >= 2 different, non-empty class names,
/// all columns are equally long, labels and predicted are in [0, K), and every
/// row of probabilities is in [0, 1] and sums to 1 (see probability.h). An id
/// may come twice, and `predicted` need not be the likeliest class (thresholds
/// are free). N may be 0.
void check_predictions(const Predictions& predictions);

/// predictions-<split>.csv: id,label,predicted,p_<class>...; label and
/// predicted are class names; probabilities in full precision. Written whole.
/// Throws what check_predictions throws, before it touches the file.
void write_predictions(const std::filesystem::path& path,
                       const Predictions& predictions);

/// Gives back what write_predictions got, to the bit. Throws DataError for
/// missing or unknown columns, unknown class names, numbers out of range.
Predictions read_predictions(const std::filesystem::path& path);

}  // namespace fer
