// The columns of the page's tables: heading, what it means, and each cell.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "leaderboard/board.h"

namespace fer {

/// One column. `key` is what it is sorted by: a number, or text for those that
/// are not `numeric`; "" stands last either way round.
struct PageColumn {
  std::string title;
  std::string meaning;  ///< plain text: tooltip, and explained under the tables
  bool numeric = true;
  bool best_first_is_low = false;  ///< the first click sorts upwards
  std::function<std::string(const BoardRow&, const BoardTable&)> html;
  std::function<std::string(const BoardRow&)> key;
};

/// The columns behind the experiment's name, in the order of the page.
const std::vector<PageColumn>& page_columns();

/// The heading of a row: rank, experiment, model and seeds, leak mark.
std::string row_heading(const BoardRow& row, size_t rank);

/// A drawing of the intervals of a table on one scale, a dot at the mean, a
/// dashed line at the best row's.
std::string interval_drawing(const BoardRow& row, const BoardTable& table);

}  // namespace fer
