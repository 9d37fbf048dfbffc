// Which rows of two predictions files are the same image, and which rows of
// one are not independent of each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "metrics/predictions.h"

namespace fer {

/// Rows a[i] and b[i] are the same image; a is 0, 1, 2, ...
struct Pairs {
  std::vector<size_t> a, b;
  size_t size() const { return a.size(); }
};

/// The n-th row of an id in `a` is the n-th of that id in `b` (an upsampled
/// image stands several times). DataError unless both have the same class
/// names in the same order, the same ids equally often, and the same label on
/// each pair; no rows; or what check_predictions throws.
Pairs pair_rows(const Predictions& a, const Predictions& b);

/// The rows in this order: select_rows(b, pairs.b) lies row by row beside a.
/// DataError for a row that there is not.
Predictions select_rows(const Predictions& predictions,
                        std::span<const size_t> rows);

/// Whether each row's decision is right.
std::vector<bool> right_rows(const Predictions& predictions);

/// A group number for each row, from 0 in order of first rows, for
/// BootstrapOptions::groups: rows with the same id, or with ids in one list of
/// audit["twin_groups"][split] (docs/run_folder.md), share a number, also over
/// several lists. An audit without that key (an old run), or null, groups by
/// id alone; ids that are not in `predictions` are passed over. DataError when
/// the key holds something else than lists of ids.
std::vector<int64_t> row_groups(const Predictions& predictions,
                                const Json& audit, const std::string& split);

}  // namespace fer
