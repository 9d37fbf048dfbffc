#include "reproduce/feasible.h"

#include <algorithm>

#include "core/error.h"

namespace fer {
namespace {

constexpr int64_t kMaxTotal = 10'000'000;
constexpr int64_t kMaxSearched = 50'000;  // without `positives`: quadratic

/// All FP in [0, negatives] with k / (m + FP) inside, where k <= m.
CountRange false_positives(const Bounds& bounds, int64_t k, int64_t m,
                           int64_t negatives) {
  const CountRange all{0, negatives};
  if (k == 0) return bounds.contains(0, 1) ? all : CountRange{};
  CountRange sizes = sizes_between(bounds, k, m + negatives);
  if (sizes.empty()) return {};
  return CountRange{sizes.low - m, sizes.high - m} & all;
}

/// All FP that fit `positives` and `tp`.
CountRange fitting(const ScoreBounds& scores, int64_t total, int64_t positives,
                   int64_t tp) {
  const int64_t negatives = total - positives;
  CountRange fp{0, negatives};
  if (scores.accuracy) {
    const CountRange right = counts_between(*scores.accuracy, total);
    if (right.empty()) return {};
    fp = fp &
         CountRange{tp + negatives - right.high, tp + negatives - right.low};
  }
  if (scores.specificity && negatives > 0) {
    const CountRange tn = counts_between(*scores.specificity, negatives);
    if (tn.empty()) return {};
    fp = fp & CountRange{negatives - tn.high, negatives - tn.low};
  }
  if (scores.specificity && negatives == 0 &&
      !scores.specificity->contains(0, 1)) {
    return {};
  }
  if (scores.precision)
    fp = fp & false_positives(*scores.precision, tp, tp, negatives);
  if (scores.f1)
    fp = fp & false_positives(*scores.f1, 2 * tp, tp + positives, negatives);
  return fp;
}

CountRange true_positives(const ScoreBounds& scores, int64_t positives) {
  if (!scores.recall) return {0, positives};
  if (positives > 0) return counts_between(*scores.recall, positives);
  return scores.recall->contains(0, 1) ? CountRange{0, 0} : CountRange{};
}

/// visit(positives, tp, range of FP) for every piece that is not empty; ends
/// early when it returns false.
template <class Visitor>
void for_each_piece(const ScoreBounds& scores, int64_t total,
                    const CountRange& positives, Visitor visit) {
  for (int64_t p = positives.low; p <= positives.high; ++p) {
    const CountRange tps = true_positives(scores, p);
    for (int64_t tp = tps.low; tp <= tps.high; ++tp) {
      const CountRange fp = fitting(scores, total, p, tp);
      if (!fp.empty() && !visit(p, tp, fp)) return;
    }
  }
}

BinaryCounts counts(int64_t total, int64_t positives, int64_t tp, int64_t fp) {
  return {tp, fp, positives - tp, total - positives - fp};
}

/// Widens [low, high] by the tables of one piece.
void widen(Feasibility& found, const BinaryCounts& first,
           const BinaryCounts& last) {
  if (found.count == 0) found.low = found.high = first;
  for (auto cell : {&BinaryCounts::tp, &BinaryCounts::fp, &BinaryCounts::fn,
                    &BinaryCounts::tn}) {
    const auto [low, high] = std::minmax(first.*cell, last.*cell);
    found.low.*cell = std::min(found.low.*cell, low);
    found.high.*cell = std::max(found.high.*cell, high);
  }
}

CountRange check_sizes(int64_t total, std::optional<int64_t> positives) {
  if (total < 1 || total > kMaxTotal) {
    fail<DataError>("[feasible] expected 1 to {} images; got {}.", kMaxTotal,
                    total);
  }
  if (positives && (*positives < 0 || *positives > total)) {
    fail<DataError>(
        "[feasible] expected 0 to {} positive images, the test's size; got {}.",
        total, *positives);
  }
  if (!positives && total > kMaxSearched) {
    fail<DataError>(
        "[feasible] expected the number of positive images, or at most {} "
        "images in all; got {}. Give the size of each class.",
        kMaxSearched, total);
  }
  return positives ? CountRange{*positives, *positives} : CountRange{0, total};
}

}  // namespace

Feasibility feasible(const ScoreBounds& scores, int64_t total,
                     std::optional<int64_t> positives) {
  const CountRange range = check_sizes(total, positives);
  Feasibility found;
  for_each_piece(scores, total, range, [&](int64_t p, int64_t tp, auto fp) {
    widen(found, counts(total, p, tp, fp.low), counts(total, p, tp, fp.high));
    found.count += fp.count();
    return true;
  });
  int64_t left = found.count / 2;
  for_each_piece(scores, total, range, [&](int64_t p, int64_t tp, auto fp) {
    found.example = counts(total, p, tp, fp.low + left);
    left -= fp.count();
    return left >= 0;
  });
  return found;
}

std::optional<int64_t> smallest_total(const ScoreBounds& scores,
                                      int64_t limit) {
  for (int64_t total = 1; total <= limit; ++total) {
    bool found = false;
    for_each_piece(scores, total, {0, total}, [&](int64_t, int64_t, auto) {
      found = true;
      return false;
    });
    if (found) return total;
  }
  return std::nullopt;
}

}  // namespace fer
