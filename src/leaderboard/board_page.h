// leaderboard.html: one file, no network; sortable and filterable with scripts,
// complete without.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leaderboard/board.h"

namespace fer {

/// The whole page.
std::string board_page(const std::vector<BoardTable>& tables);

/// Its own rules on top of kPageStyle (board_style.cpp), and its script
/// (board_script.cpp).
extern const std::string_view kBoardStyle;
extern const std::string_view kBoardScript;

}  // namespace fer
