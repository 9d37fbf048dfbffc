#include "stats/statistic.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "stats/weighted_confusion.h"

namespace fer {
namespace {

void check(const Predictions& predictions) {
  check_predictions(predictions);
  if (predictions.size() == 0) {
    fail<DataError>(
        "[statistic] expected at least one row; got none. Is the split empty?");
  }
}

void check_class(const Predictions& predictions, size_t k) {
  check(predictions);
  if (k < predictions.classes()) return;
  fail<DataError>("[statistic] expected a class in [0, {}); got {}.",
                  predictions.classes(), k);
}

void check_zero_division(double value) {
  if (!(value < 0 || value > 1)) return;
  fail<DataError>(
      "[statistic] expected zero_division in [0, 1] or NaN; got {}.", value);
}

void check_size(size_t weights, size_t rows) {
  if (weights == rows) return;
  fail<DataError>(
      "[statistic] expected a weight for each of the {} rows; got {}. Are "
      "both statistics of the same rows?",
      rows, weights);
}

// A statistic from the confusion matrix: score(const WeightedConfusion&).
template <class Score>
Statistic of_confusion(const Predictions& predictions, Score score) {
  const size_t classes = predictions.classes();
  std::vector<uint32_t> cells(predictions.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i] = static_cast<uint32_t>(
        static_cast<size_t>(predictions.labels[i]) * classes +
        static_cast<size_t>(predictions.predicted[i]));
  }
  return [cells = std::move(cells), classes,
          score](std::span<const double> weights) {
    check_size(weights.size(), cells.size());
    WeightedConfusion confusion(classes);
    for (size_t i = 0; i < cells.size(); ++i)
      confusion.counts[cells[i]] += weights[i];
    return score(confusion);
  };
}

/// Rows by rising score of one class, ready to be walked once per resample.
class Ranking {
 public:
  Ranking(const Predictions& predictions, size_t k) {
    const std::vector<double> scores = predictions.scores(k);
    std::vector<uint32_t> order(scores.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return scores[a] < scores[b];
    });
    for (size_t i = 0; i < order.size(); ++i) {
      const uint32_t row = order[i];
      const bool last =
          i + 1 == order.size() || scores[order[i + 1]] != scores[row];
      const bool positive = predictions.labels[row] == static_cast<int64_t>(k);
      rows_.push_back({row, positive, last});
    }
  }

  double area(std::span<const double> weights) const {
    check_size(weights.size(), rows_.size());
    double area = 0, positives = 0, below = 0;
    double equals[2] = {0, 0};  // weight of negatives, positives at one score
    for (const Row& row : rows_) {
      equals[row.positive] += weights[row.index];
      if (!row.last) continue;
      area += equals[1] * (below + equals[0] / 2);
      below += equals[0];
      positives += equals[1];
      equals[0] = equals[1] = 0;
    }
    return area / (positives * below);
  }

 private:
  struct Row {
    uint32_t index;
    bool positive;
    bool last;  ///< of those with its score
  };
  std::vector<Row> rows_;
};

}  // namespace

Statistic mean_statistic(std::span<const double> values) {
  if (values.empty()) {
    fail<DataError>(
        "[statistic] expected at least one value; got none. Is the split "
        "empty?");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    fail<DataError>("[statistic] expected finite values; got {} (row {}).",
                    values[i], i);
  }
  std::vector<double> kept(values.begin(), values.end());
  return [kept = std::move(kept)](std::span<const double> weights) {
    check_size(weights.size(), kept.size());
    double sum = 0, total = 0;
    for (size_t i = 0; i < kept.size(); ++i) {
      sum += weights[i] * kept[i];
      total += weights[i];
    }
    return sum / total;
  };
}

Statistic accuracy_statistic(const Predictions& p) {
  check(p);
  std::vector<double> right(p.size());
  for (size_t i = 0; i < right.size(); ++i)
    right[i] = p.predicted[i] == p.labels[i] ? 1.0 : 0.0;
  return mean_statistic(right);
}

Statistic log_loss_statistic(const Predictions& p) {
  check(p);
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  std::vector<double> losses(p.size());
  for (size_t i = 0; i < losses.size(); ++i) {
    const double value = p.probability(i, static_cast<size_t>(p.labels[i]));
    losses[i] = -std::log(std::clamp(value, kEps, 1 - kEps));
  }
  return mean_statistic(losses);
}

Statistic macro_f1_statistic(const Predictions& p, double zero_division) {
  check(p);
  check_zero_division(zero_division);
  return of_confusion(p, [zero_division](const WeightedConfusion& confusion) {
    return macro_f1_of(confusion, zero_division);
  });
}

Statistic f1_statistic(const Predictions& p, size_t k, double zero_division) {
  check_class(p, k);
  check_zero_division(zero_division);
  return of_confusion(p,
                      [k, zero_division](const WeightedConfusion& confusion) {
                        return f1_of(confusion, k, zero_division);
                      });
}

Statistic precision_statistic(const Predictions& p, size_t k,
                              double zero_division) {
  check_class(p, k);
  check_zero_division(zero_division);
  return of_confusion(p,
                      [k, zero_division](const WeightedConfusion& confusion) {
                        return precision_of(confusion, k, zero_division);
                      });
}

Statistic recall_statistic(const Predictions& p, size_t k,
                           double zero_division) {
  check_class(p, k);
  check_zero_division(zero_division);
  return of_confusion(p,
                      [k, zero_division](const WeightedConfusion& confusion) {
                        return recall_of(confusion, k, zero_division);
                      });
}

Statistic balanced_accuracy_statistic(const Predictions& p) {
  check(p);
  return of_confusion(p, balanced_accuracy_of);
}

Statistic mcc_statistic(const Predictions& p) {
  check(p);
  return of_confusion(p, mcc_of);
}

Statistic kappa_statistic(const Predictions& p) {
  check(p);
  return of_confusion(p, kappa_of);
}

Statistic auc_statistic(const Predictions& p, size_t k) {
  check_class(p, k);
  return [ranking = Ranking(p, k)](std::span<const double> weights) {
    return ranking.area(weights);
  };
}

Statistic macro_auc_statistic(const Predictions& p) {
  check(p);
  std::vector<Ranking> rankings;
  for (size_t k = 0; k < p.classes(); ++k) rankings.emplace_back(p, k);
  return [rankings = std::move(rankings)](std::span<const double> weights) {
    double sum = 0;
    for (const Ranking& ranking : rankings) sum += ranking.area(weights);
    return sum / static_cast<double>(rankings.size());
  };
}

}  // namespace fer
