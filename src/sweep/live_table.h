// What a person sees of many runs: one table that is redrawn in place on a
// terminal, one line per change of state elsewhere.
#pragma once

#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/field.h"

namespace fer {

enum class MemberState {
  kWaiting,
  kRunning,
  kPaused,   ///< at a rung of successive halving
  kDropped,  ///< given up as hopeless
  kDone,
  kFailed,
  kInterrupted,
};
template <>
inline constexpr const char* kWords<MemberState>[] = {
    "waiting", "running", "paused", "dropped", "done", "failed", "interrupted"};

struct TableRow {
  std::string name;
  MemberState state = MemberState::kWaiting;
  int epoch = 0, epochs = 0;    ///< complete ones, and those that are wanted
  std::optional<double> value;  ///< best of the metric so far
  double epoch_seconds = 0;     ///< mean; 0: not known yet
  std::string note;             ///< "signal 9 (Killed)"
};

/// Seconds until `row` is where it shall be; nothing when that is not known.
std::optional<double> seconds_left(const TableRow& row);

/// The table in at most `height` >= 4 lines of at most `width` bytes, a line on
/// the whole last. Where not all rows fit, running ones come first and the rest
/// is counted.
std::vector<std::string> table_lines(const std::string& metric,
                                     const std::vector<TableRow>& rows,
                                     size_t height, size_t width);

class LiveTable {
 public:
  /// `metric` heads the column of values.
  LiveTable(std::string metric, bool quiet);
  /// For tests: another stream, and whether it is a terminal.
  LiveTable(std::string metric, bool quiet, std::FILE* out, bool terminal);

  /// Draws (four times a second at most), or prints the lines of those whose
  /// state has changed.
  void update(const std::vector<TableRow>& rows);
  /// A line that stays, above the table on a terminal; also when quiet.
  void say(const std::string& line);
  /// Draws a last time; what comes now stands below the table.
  void finish(const std::vector<TableRow>& rows);

 private:
  void draw(const std::vector<TableRow>& rows);
  void erase();
  void print_changes(const std::vector<TableRow>& rows);

  std::string metric_;
  bool quiet_;
  std::FILE* out_;
  bool terminal_;
  size_t drawn_ = 0;  ///< lines of the table on the terminal
  std::chrono::steady_clock::time_point last_{};
  std::map<std::string, MemberState> states_;
};

}  // namespace fer
