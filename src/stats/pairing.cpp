#include "stats/pairing.h"

#include <numeric>
#include <string_view>
#include <unordered_map>

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

/// Rows of each id, in order.
using RowsOfId = std::unordered_map<std::string_view, std::vector<size_t>>;

void check(const Predictions& p, const char* which) {
  check_predictions(p);
  if (p.size() == 0) {
    fail<DataError>(
        "[pair_rows] expected at least one row; got none in the {} table. Is "
        "the split empty?",
        which);
  }
  for (size_t i = 0; i < p.size(); ++i) {
    if (!p.ids[i].empty()) continue;
    fail<DataError>(
        "[pair_rows] expected an id on every row; got none on row {} of the {} "
        "table. Rows are matched by their ids.",
        i, which);
  }
}

void check_classes(const Predictions& a, const Predictions& b) {
  if (a.class_names == b.class_names) return;
  fail<DataError>(
      "[pair_rows] expected the same classes in the same order; got {} and "
      "{}. Compare runs of the same classes.",
      join(a.class_names, ", "), join(b.class_names, ", "));
}

RowsOfId rows_of_ids(const Predictions& p) {
  RowsOfId rows;
  for (size_t i = 0; i < p.size(); ++i) rows[p.ids[i]].push_back(i);
  return rows;
}

[[noreturn]] void fail_ids(std::string_view id, size_t in_a, size_t in_b) {
  fail<DataError>(
      "[pair_rows] expected the same images in both tables; got id '{}' {} "
      "times in the first and {} times in the second. Compare runs on the "
      "same split: same data, protocol and split seed.",
      id, in_a, in_b);
}

// Both hold each id equally often; the first that does not is named.
void check_ids(const Predictions& a, const Predictions& b,
               const RowsOfId& rows_of_a, const RowsOfId& rows_of_b) {
  const auto times = [](const RowsOfId& rows, std::string_view id) {
    const auto found = rows.find(id);
    return found == rows.end() ? 0 : found->second.size();
  };
  for (const Predictions* p : {&a, &b}) {
    for (const std::string& id : p->ids) {
      const size_t in_a = times(rows_of_a, id), in_b = times(rows_of_b, id);
      if (in_a != in_b) fail_ids(id, in_a, in_b);
    }
  }
}

void check_labels(const Predictions& a, const Predictions& b,
                  const Pairs& pairs) {
  for (size_t i = 0; i < pairs.size(); ++i) {
    const auto label_a = static_cast<size_t>(a.labels[pairs.a[i]]);
    const auto label_b = static_cast<size_t>(b.labels[pairs.b[i]]);
    if (label_a == label_b) continue;
    fail<DataError>(
        "[pair_rows] expected the same label for an image in both tables; got "
        "'{}' and '{}' (id '{}'). Were the runs scored against different "
        "labels?",
        a.class_names[label_a], b.class_names[label_b], a.ids[pairs.a[i]]);
  }
}

}  // namespace

Pairs pair_rows(const Predictions& a, const Predictions& b) {
  check(a, "first");
  check(b, "second");
  check_classes(a, b);
  Pairs pairs;
  pairs.a.resize(a.size());
  std::iota(pairs.a.begin(), pairs.a.end(), size_t{0});
  if (a.ids == b.ids) {
    pairs.b = pairs.a;
  } else {
    const RowsOfId rows_of_a = rows_of_ids(a), rows_of_b = rows_of_ids(b);
    check_ids(a, b, rows_of_a, rows_of_b);
    std::unordered_map<std::string_view, size_t> used;
    for (const std::string& id : a.ids)
      pairs.b.push_back(rows_of_b.at(id)[used[id]++]);
  }
  check_labels(a, b, pairs);
  return pairs;
}

Predictions select_rows(const Predictions& p, std::span<const size_t> rows) {
  check_predictions(p);
  Predictions chosen;
  chosen.class_names = p.class_names;
  for (const size_t row : rows) {
    if (row >= p.size()) {
      fail<DataError>("[select_rows] expected rows in [0, {}); got {}.",
                      p.size(), row);
    }
    chosen.ids.push_back(p.ids[row]);
    chosen.labels.push_back(p.labels[row]);
    chosen.predicted.push_back(p.predicted[row]);
    for (size_t k = 0; k < p.classes(); ++k)
      chosen.probabilities.push_back(p.probability(row, k));
  }
  return chosen;
}

std::vector<bool> right_rows(const Predictions& p) {
  check_predictions(p);
  std::vector<bool> right(p.size());
  for (size_t i = 0; i < p.size(); ++i)
    right[i] = p.predicted[i] == p.labels[i];
  return right;
}

}  // namespace fer
