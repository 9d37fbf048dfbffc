// The leaderboard for readers: terminal, Markdown, and the words and rounding
// that the HTML page shares with them.
#pragma once

#include <string>
#include <vector>

#include "leaderboard/board.h"

namespace fer {

/// "0.8948 ± 0.0031"; "0.8948" for one seed; "" where it is undefined.
std::string score_text(const MetricSummary& summary);
/// "0.878 to 0.909".
std::string interval_text(const Interval& interval);
/// "leaky 37.5 %", "leaky" where the share is unknown, "" without a leak.
std::string leak_mark(const BoardRow& row);
/// "best", "tied (p 0.31)", "-2.3 points (p 0.004)".
std::string standing_text(const BoardRow& row);
std::string p_text(double p);  ///< "p 0.031", "p < 0.001"
/// "4.2 M", "812 k"; "" for nothing.
std::string short_count(const std::optional<double>& value);
std::string bytes_text(const std::optional<double>& bytes);
std::string duration_text(const std::optional<double>& seconds);
/// "1,474 test images", and the test set's digest where names do not tell.
std::string table_note(const BoardTable& table);
/// "fernet leads with 0.8948 (3 seeds); 2 of 7 others cannot be told from it."
std::string verdict(const BoardTable& table);

/// One ranked table per protocol and test set, with `metric` as a column, and a
/// line that says what the marks mean.
std::string board_terminal(const std::vector<BoardTable>& tables,
                           const BoardMetric& metric);

/// leaderboard.md: the same as GitHub tables, with cost and origin.
std::string board_markdown(const std::vector<BoardTable>& tables);

}  // namespace fer
