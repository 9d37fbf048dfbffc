#include "metrics/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"

namespace fer {
namespace {

/// True and false positives at each distinct score, highest first.
struct Counts {
  std::vector<double> tp, fp, thresholds;
};

void check(std::span<const int64_t> labels, std::span<const double> scores) {
  if (labels.empty()) {
    fail<DataError>(
        "[curve] expected at least one image; got none. Is the split empty?");
  }
  if (labels.size() != scores.size()) {
    fail<DataError>(
        "[curve] expected a score for each label; got {} labels and {} scores.",
        labels.size(), scores.size());
  }
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!std::isfinite(scores[i])) {
      fail<DataError>("[curve] expected finite scores; got {} (row {}).",
                      scores[i], i);
    }
  }
}

Counts count(std::span<const int64_t> labels, int64_t positive,
             std::span<const double> scores) {
  check(labels, scores);
  std::vector<size_t> order(labels.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  Counts counts;
  double tp = 0, fp = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    (labels[order[i]] == positive ? tp : fp) += 1;
    const double score = scores[order[i]];
    if (i + 1 < order.size() && scores[order[i + 1]] == score) continue;
    counts.tp.push_back(tp);
    counts.fp.push_back(fp);
    counts.thresholds.push_back(score);
  }
  return counts;
}

// The first point, the last, and those in between that `keep` names.
template <class Keep>
Counts thin(const Counts& all, Keep keep) {
  Counts kept;
  for (size_t i = 0; i < all.tp.size(); ++i) {
    if (i > 0 && i + 1 < all.tp.size() && !keep(i)) continue;
    kept.tp.push_back(all.tp[i]);
    kept.fp.push_back(all.fp[i]);
    kept.thresholds.push_back(all.thresholds[i]);
  }
  return kept;
}

bool bends(const std::vector<double>& values, size_t i) {
  return values[i + 1] - values[i] != values[i] - values[i - 1];
}

}  // namespace

RocCurve roc_curve(std::span<const int64_t> labels, int64_t positive,
                   std::span<const double> scores, bool drop_intermediate) {
  Counts counts = count(labels, positive, scores);
  if (drop_intermediate) {
    counts = thin(counts, [&](size_t i) {
      return bends(counts.fp, i) || bends(counts.tp, i);
    });
  }
  // 0 / 0 = NaN on a side without images, its point (0, 0) included.
  const double positives = counts.tp.back(), negatives = counts.fp.back();
  RocCurve curve{{0 / negatives},
                 {0 / positives},
                 {std::numeric_limits<double>::infinity()}};
  for (size_t i = 0; i < counts.tp.size(); ++i) {
    curve.false_positive_rate.push_back(counts.fp[i] / negatives);
    curve.true_positive_rate.push_back(counts.tp[i] / positives);
    curve.thresholds.push_back(counts.thresholds[i]);
  }
  return curve;
}

PrecisionRecallCurve precision_recall_curve(std::span<const int64_t> labels,
                                            int64_t positive,
                                            std::span<const double> scores,
                                            bool drop_intermediate) {
  Counts counts = count(labels, positive, scores);
  if (drop_intermediate) {
    // Of points with equal recall, the first and the last.
    counts = thin(counts, [&](size_t i) {
      return counts.tp[i] != counts.tp[i - 1] ||
             counts.tp[i + 1] != counts.tp[i];
    });
  }
  const double positives = counts.tp.back();
  PrecisionRecallCurve curve;
  for (size_t i = counts.tp.size(); i-- > 0;) {
    const double tp = counts.tp[i];
    curve.precision.push_back(tp / (tp + counts.fp[i]));
    curve.recall.push_back(positives > 0 ? tp / positives : 1.0);
    curve.thresholds.push_back(counts.thresholds[i]);
  }
  curve.precision.push_back(1.0);
  curve.recall.push_back(0.0);
  return curve;
}

double area_under_roc(std::span<const int64_t> labels, int64_t positive,
                      std::span<const double> scores) {
  const RocCurve curve = roc_curve(labels, positive, scores);
  const auto& x = curve.false_positive_rate;
  const auto& y = curve.true_positive_rate;
  double area = 0;
  for (size_t i = 1; i < x.size(); ++i)
    area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
  return area;
}

double area_from_hard_labels(std::span<const int64_t> labels, int64_t positive,
                             std::span<const int64_t> predicted) {
  std::vector<double> scores;
  for (const int64_t label : predicted)
    scores.push_back(label == positive ? 1.0 : 0.0);
  return area_under_roc(labels, positive, scores);
}

double average_precision(std::span<const int64_t> labels, int64_t positive,
                         std::span<const double> scores) {
  const auto curve = precision_recall_curve(labels, positive, scores);
  double sum = 0;
  for (size_t i = 0; i + 1 < curve.recall.size(); ++i)
    sum += (curve.recall[i] - curve.recall[i + 1]) * curve.precision[i];
  return sum;
}

}  // namespace fer
