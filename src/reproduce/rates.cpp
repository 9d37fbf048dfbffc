#include "reproduce/rates.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/error.h"

namespace fer {
namespace {

constexpr size_t kTp = 0, kFp = 1, kPositives = 2, kNegatives = 3;
using Row = std::array<Wide, 4>;

/// Keeps every product below 2^127.
constexpr Wide kMaxUnit = 2'000'000;

/// row . (tp, fp, positives, negatives) >= 0, or > 0 where strict.
struct Condition {
  Row row{};
  bool strict = false;

  bool operator==(const Condition&) const = default;
};

Wide size_of(Wide x) { return x < 0 ? -x : x; }

Wide common_divisor(Wide a, Wide b) {
  return b == 0 ? a : common_divisor(b, a % b);
}

/// Divided by the common divisor, so that numbers stay small.
Condition reduced(Condition c) {
  Wide divisor = 0;
  for (const Wide x : c.row) divisor = common_divisor(divisor, size_of(x));
  if (divisor > 1)
    for (Wide& x : c.row) x /= divisor;
  return c;
}

void add(std::vector<Condition>& conditions, const Row& row, bool strict) {
  const Condition c = reduced({row, strict});
  if (std::ranges::find(conditions, c) == conditions.end())
    conditions.push_back(c);
}

/// low <= top / bottom <= high as two conditions, for bottom > 0.
void add_ratio(std::vector<Condition>& conditions,
               const std::optional<Bounds>& bounds, const Row& top,
               const Row& bottom) {
  if (!bounds) return;
  if (std::max(bounds->low.denominator, bounds->high.denominator) > kMaxUnit) {
    fail<DataError>(
        "[rates] expected scores of at most six decimals; got one of more. "
        "Give the size of the test set.");
  }
  Row above, below;
  for (size_t i = 0; i < 4; ++i) {
    above[i] =
        top[i] * bounds->low.denominator - bottom[i] * bounds->low.numerator;
    below[i] =
        bottom[i] * bounds->high.numerator - top[i] * bounds->high.denominator;
  }
  add(conditions, above, bounds->low_open);
  add(conditions, below, bounds->high_open);
  add(conditions, bottom, true);
}

std::vector<Condition> conditions_of(const ScoreBounds& scores) {
  std::vector<Condition> all;
  add(all, {1, 0, 0, 0}, false);  // 0 <= tp <= positives
  add(all, {-1, 0, 1, 0}, false);
  add(all, {0, 1, 0, 0}, false);  // 0 <= fp <= negatives
  add(all, {0, -1, 0, 1}, false);
  add(all, {0, 0, 1, 0}, true);
  add_ratio(all, scores.accuracy, {1, -1, 0, 1}, {0, 0, 1, 1});
  add_ratio(all, scores.precision, {1, 0, 0, 0}, {1, 1, 0, 0});
  add_ratio(all, scores.recall, {1, 0, 0, 0}, {0, 0, 1, 0});
  add_ratio(all, scores.specificity, {0, -1, 0, 1}, {0, 0, 0, 1});
  add_ratio(all, scores.f1, {2, 0, 0, 0}, {1, 1, 1, 0});
  return all;
}

/// What the conditions say once variable `v` may take any value.
std::vector<Condition> eliminate(const std::vector<Condition>& all, size_t v) {
  std::vector<Condition> left;
  for (const Condition& c : all)
    if (c.row[v] == 0) add(left, c.row, c.strict);
  for (const Condition& up : all) {
    for (const Condition& down : all) {
      if (up.row[v] <= 0 || down.row[v] >= 0) continue;
      Row row;
      for (size_t i = 0; i < 4; ++i)
        row[i] = up.row[i] * -down.row[v] + down.row[i] * up.row[v];
      add(left, row, up.strict || down.strict);
    }
  }
  return left;
}

bool less(const Fraction& a, const Fraction& b) {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

}  // namespace

ShareRange possible_shares(const ScoreBounds& scores) {
  const auto left = eliminate(eliminate(conditions_of(scores), kTp), kFp);
  ShareRange range;
  bool low_open = true, high_open = false;  // positives > 0, negatives >= 0
  for (const Condition& c : left) {
    // a * share + b * (1 - share) >= 0, a line in the share.
    const Wide a = c.row[kPositives], b = c.row[kNegatives];
    const Wide slope = a - b;
    if (slope == 0) {
      if (b < 0 || (b == 0 && c.strict)) return {};
      continue;
    }
    const Fraction zero = slope > 0 ? Fraction{-b, slope} : Fraction{b, -slope};
    Fraction& end = slope > 0 ? range.low : range.high;
    bool& open = slope > 0 ? low_open : high_open;
    const bool tighter = slope > 0 ? less(end, zero) : less(zero, end);
    if (tighter)
      end = zero, open = c.strict;
    else if (!less(zero, end) && !less(end, zero))
      open = open || c.strict;
  }
  const bool point = !less(range.low, range.high) && !low_open && !high_open;
  range.possible =
      less(range.low, range.high) || (point && !less(range.high, range.low));
  return range;
}

}  // namespace fer
