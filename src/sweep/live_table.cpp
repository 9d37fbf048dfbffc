#include "sweep/live_table.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "core/terminal.h"
#include "core/text.h"

namespace fer {
namespace {

std::string value_text(const TableRow& row) {
  return row.value ? fmt::format("{:.4f}", *row.value) : "";
}

std::string left_text(const TableRow& row) {
  if (!row.note.empty()) return row.note;
  const auto left = seconds_left(row);
  const bool running = row.state == MemberState::kRunning;
  return running && left ? format_duration(*left) : "";
}

std::vector<std::string> cells(const TableRow& row) {
  return {row.name, word(row.state),
          row.epochs > 0 ? fmt::format("{}/{}", row.epoch, row.epochs) : "",
          value_text(row), left_text(row)};
}

size_t count(const std::vector<TableRow>& rows, MemberState state) {
  return static_cast<size_t>(std::ranges::count(rows, state, &TableRow::state));
}

// Time for all that is not finished, shared among those that run now.
std::optional<double> total_left(const std::vector<TableRow>& rows) {
  double epoch = 0;  // mean of those that are known
  size_t known = 0;
  for (const TableRow& row : rows) {
    if (row.epoch_seconds <= 0) continue;
    epoch += row.epoch_seconds;
    ++known;
  }
  const size_t running = count(rows, MemberState::kRunning);
  if (known == 0 || running == 0) return std::nullopt;
  epoch /= static_cast<double>(known);
  double sum = 0;
  for (const TableRow& row : rows) {
    if (row.state != MemberState::kRunning &&
        row.state != MemberState::kWaiting)
      continue;
    sum += seconds_left(row).value_or(epoch * (row.epochs - row.epoch));
  }
  return sum / static_cast<double>(running);
}

std::string summary_line(const std::vector<TableRow>& rows) {
  std::string line = fmt::format("{} of {} done",
                                 count(rows, MemberState::kDone), rows.size());
  for (const MemberState state :
       {MemberState::kRunning, MemberState::kWaiting, MemberState::kPaused,
        MemberState::kDropped, MemberState::kFailed,
        MemberState::kInterrupted}) {
    if (const size_t n = count(rows, state); n > 0)
      line += fmt::format(", {} {}", n, word(state));
  }
  if (const auto left = total_left(rows))
    line += fmt::format("; about {} left", format_duration(*left));
  return line;
}

// Which rows are shown when not all can be: those that move, then failures,
// then the others from the end, where the newest are.
std::vector<size_t> chosen_rows(const std::vector<TableRow>& rows,
                                size_t places) {
  std::vector<size_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (rows.size() <= places) return order;
  const auto rank = [&](size_t i) {
    const auto at = static_cast<ptrdiff_t>(i);
    if (rows[i].state == MemberState::kRunning) return std::pair(0, at);
    if (rows[i].state == MemberState::kFailed) return std::pair(1, at);
    if (rows[i].state == MemberState::kWaiting) return std::pair(3, at);
    return std::pair(2, -at);
  };
  std::ranges::stable_sort(order, {}, rank);
  order.resize(places);
  std::ranges::sort(order);
  return order;
}

winsize terminal_size() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0) size = {};
  if (size.ws_row == 0) size.ws_row = 24;
  if (size.ws_col == 0) size.ws_col = 80;
  return size;
}

std::string change_line(const TableRow& row, const std::string& metric) {
  std::string line = fmt::format("{}: {}", row.name, word(row.state));
  const bool begun = row.epoch > 0 && row.state != MemberState::kRunning;
  if (begun) {
    line +=
        fmt::format(" after {} epoch{}", row.epoch, row.epoch == 1 ? "" : "s");
  }
  if (begun && row.value)
    line += fmt::format(", best {} {:.4f}", metric, *row.value);
  if (!row.note.empty()) line += " (" + row.note + ")";
  return line;
}

}  // namespace

std::optional<double> seconds_left(const TableRow& row) {
  if (row.epoch_seconds <= 0 || row.epochs < row.epoch) return std::nullopt;
  return row.epoch_seconds * (row.epochs - row.epoch);
}

std::vector<std::string> table_lines(const std::string& metric,
                                     const std::vector<TableRow>& rows,
                                     size_t height, size_t width) {
  const size_t all = rows.size() + 2;  // with head and summary
  const size_t places = all <= height ? rows.size() : height - 3;
  std::vector<std::vector<std::string>> table = {
      {"run", "state", "epoch", metric, "time left"}};
  const std::vector<size_t> chosen = chosen_rows(rows, places);
  for (const size_t i : chosen) table.push_back(cells(rows[i]));
  std::vector<std::string> lines = split(format_table(table), '\n');
  lines.pop_back();  // behind the last line break
  if (chosen.size() < rows.size())
    lines.push_back(
        fmt::format("... and {} more", rows.size() - chosen.size()));
  lines.push_back(summary_line(rows));
  for (std::string& line : lines) line.resize(std::min(line.size(), width));
  return lines;
}

LiveTable::LiveTable(std::string metric, bool quiet)
    : LiveTable(std::move(metric), quiet, stderr, stderr_is_terminal()) {}

LiveTable::LiveTable(std::string metric, bool quiet, std::FILE* out,
                     bool terminal)
    : metric_(std::move(metric)),
      quiet_(quiet),
      out_(out),
      terminal_(terminal) {}

void LiveTable::update(const std::vector<TableRow>& rows) {
  if (quiet_) return;
  if (!terminal_) {
    print_changes(rows);
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ > 0 && now - last_ < std::chrono::milliseconds(250)) return;
  last_ = now;
  draw(rows);
}

void LiveTable::draw(const std::vector<TableRow>& rows) {
  const winsize size = terminal_size();
  const auto lines = table_lines(
      metric_, rows, std::max<size_t>(4, size.ws_row - 1u), size.ws_col - 1u);
  erase();
  for (const std::string& line : lines) fmt::print(out_, "{}\n", line);
  std::fflush(out_);
  drawn_ = lines.size();
}

void LiveTable::erase() {
  if (drawn_ > 0) fmt::print(out_, "\033[{}A\r\033[J", drawn_);
  drawn_ = 0;
}

void LiveTable::print_changes(const std::vector<TableRow>& rows) {
  for (const TableRow& row : rows) {
    const auto before = states_.find(row.name);
    const MemberState known =
        before == states_.end() ? MemberState::kWaiting : before->second;
    states_[row.name] = row.state;
    if (known != row.state) fmt::print(out_, "{}\n", change_line(row, metric_));
  }
  std::fflush(out_);
}

void LiveTable::say(const std::string& line) {
  erase();
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
}

void LiveTable::finish(const std::vector<TableRow>& rows) {
  if (quiet_) return;
  if (terminal_) {
    draw(rows);
  } else {
    print_changes(rows);
  }
  drawn_ = 0;
}

}  // namespace fer
