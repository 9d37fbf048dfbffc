// results/leaderboard.csv: the rows as a table that other programs read. Made
// from the run folders by rebuild(); never edited.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "leaderboard/board.h"

namespace fer {

/// Names of the columns; docs/leaderboard.md explains them. New ones come last.
std::vector<std::string> board_columns();

/// The whole file. An empty cell: not measured, or one seed has no deviation.
std::string board_csv(const std::vector<BoardRow>& rows);

/// Rows as board_csv wrote them; none when there is no file. DataError with
/// path, line and way out for another or a damaged file.
std::vector<BoardRow> read_board(const std::filesystem::path& path);

/// The same as a list of objects; numbers as numbers, empty cells as null,
/// `class_f1` as an object.
Json board_json(const std::vector<BoardRow>& rows);

}  // namespace fer
