// Small work on words, for messages and tables.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

/// Parts of `text` between `separator`s; an empty text has one empty part.
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts,
                 std::string_view separator);

/// Edits (insert, delete, replace, swap of neighbours) between two words.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, or "" when none is near enough to be a
/// typo.
std::string nearest(std::string_view word,
                    std::span<const std::string> candidates);

/// Columns of a terminal table, right-aligned but for the first; rows[0] is the
/// head.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace fer
