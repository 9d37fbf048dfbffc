#include "leaderboard/board_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/terminal.h"
#include "core/text.h"
#include "report/format.h"

namespace fer {
namespace {

using Cells = std::vector<std::string>;

// "Macro F1" -> "macro F1", "ROC AUC" as it is.
std::string inside_sentence(std::string title) {
  if (title.size() > 1 && title[1] >= 'a' && title[1] <= 'z')
    title[0] = static_cast<char>(title[0] - 'A' + 'a');
  return title;
}

bool has_own_column(const BoardMetric& metric) {
  return metric.key == "accuracy" || metric.key == "macro_f1" ||
         metric.key == "auc";
}

Cells terminal_head(const BoardMetric& metric) {
  Cells head = {"    experiment",   "model",    "accuracy", "95 % interval",
                "against the best", "macro F1", "ROC AUC"};
  if (!has_own_column(metric)) head.push_back(inside_sentence(metric.title));
  for (const char* last : {"seeds", "looks", "leak"}) head.emplace_back(last);
  return head;
}

Cells terminal_row(const BoardRow& row, size_t rank,
                   const BoardMetric& metric) {
  Cells cells = {fmt::format("{:>2}  {}", rank, row.experiment),
                 row.model,
                 score_text(row.metric("accuracy")),
                 interval_text(row.accuracy_interval),
                 standing_text(row),
                 score_text(row.metric("macro_f1")),
                 score_text(row.metric("auc"))};
  if (!has_own_column(metric))
    cells.push_back(score_text(row.metric(metric.key)));
  cells.push_back(std::to_string(row.seeds.size()));
  cells.push_back(std::to_string(row.test_looks));
  cells.push_back(row.leaky ? leak_mark(row) : "no");
  return cells;
}

std::string markdown_line(Cells cells) {
  std::string line = "|";
  for (std::string& cell : cells) {
    std::string safe;
    for (const char c : cell) {
      if (c == '|' || c == '\\' || c == '<' || c == '*' || c == '_' || c == '`')
        safe += '\\';
      safe += c == '\n' ? ' ' : c;
    }
    line += " " + safe + " |";
  }
  return line + "\n";
}

Cells markdown_row(const BoardRow& row, size_t rank) {
  return {std::to_string(rank),
          row.experiment,
          row.model,
          score_text(row.metric("accuracy")),
          interval_text(row.accuracy_interval),
          standing_text(row),
          score_text(row.metric("macro_f1")),
          score_text(row.metric("auc")),
          row.leaky ? leak_mark(row) : "no",
          std::to_string(row.seeds.size()),
          std::to_string(row.test_looks),
          short_count(row.parameters),
          short_count(row.flops),
          duration_text(row.train_seconds),
          row.hardware,
          row.commit};
}

const Cells kMarkdownHead = {"#",        "experiment",    "model",
                             "accuracy", "95 % interval", "against the best",
                             "macro F1", "ROC AUC",       "leak",
                             "seeds",    "looks",         "parameters",
                             "FLOPs",    "training",      "hardware",
                             "commit"};

// What the marks mean, one line each.
const std::vector<std::string> kMarks = {
    "Accuracy: mean over the seeds \u00b1 standard deviation.",
    "tied: not distinguishable from the best row in accuracy (paired bootstrap "
    "on the same images and, with several seeds, their spread; Holm over the "
    "table; p >= 0.05).",
    "leaky: share of the test images that also stand in training.",
    "looks: how often the test split was scored."};

}  // namespace

std::string score_text(const MetricSummary& summary) {
  if (!summary.mean) return "";
  std::string text = format_share(*summary.mean);
  if (summary.std) text += " \u00b1 " + format_share(*summary.std);
  return text;
}

std::string interval_text(const Interval& interval) {
  return fmt::format("{:.3f} to {:.3f}", interval.low, interval.high);
}

std::string leak_mark(const BoardRow& row) {
  if (!row.leaky) return "";
  return row.leaky_share ? "leaky " + format_percent(*row.leaky_share)
                         : "leaky";
}

std::string p_text(double p) {
  if (p < 0.001) return "p < 0.001";
  return p < 0.01 ? fmt::format("p {:.3f}", p) : fmt::format("p {:.2f}", p);
}

std::string standing_text(const BoardRow& row) {
  if (row.standing == Standing::kBest) return "best";
  if (row.standing == Standing::kTied)
    return fmt::format("tied ({})", p_text(row.p));
  return fmt::format("{:.1f} points ({})", 100 * row.difference, p_text(row.p));
}

std::string short_count(const std::optional<double>& value) {
  if (!value) return "";
  if (*value < 1e4) return format_count(*value);
  const auto [scale, unit] = *value >= 1e9   ? std::pair(1e9, 'G')
                             : *value >= 1e6 ? std::pair(1e6, 'M')
                                             : std::pair(1e3, 'k');
  const double scaled = *value / scale;
  return scaled < 100 ? fmt::format("{:.1f} {}", scaled, unit)
                      : fmt::format("{:.0f} {}", scaled, unit);
}

std::string bytes_text(const std::optional<double>& bytes) {
  if (!bytes) return "";
  return *bytes < 1e6 ? fmt::format("{:.0f} kB", *bytes / 1e3)
                      : fmt::format("{:.1f} MB", *bytes / 1e6);
}

std::string duration_text(const std::optional<double>& seconds) {
  return seconds ? format_duration(*seconds) : "";
}

std::string table_note(const BoardTable& table) {
  std::string note =
      format_count(static_cast<double>(table.n)) + " test images";
  if (table.same_name) note += ", test set " + table.test_set.substr(0, 8);
  return note;
}

std::string verdict(const BoardTable& table) {
  const auto best =
      std::ranges::find(table.rows, Standing::kBest, &BoardRow::standing);
  if (best == table.rows.end()) return "";
  const auto others = table.rows.size() - 1;
  const auto tied =
      std::ranges::count(table.rows, Standing::kTied, &BoardRow::standing);
  const size_t seeds = best->seeds.size();
  std::string text = fmt::format(
      "{} leads with an accuracy of {} ({} seed{})", best->experiment,
      score_text(best->metric("accuracy")), seeds, seeds == 1 ? "" : "s");
  if (others == 0) return text + "; nothing stands beside it.";
  if (others == 1)
    return text + (tied ? "; the other one cannot be told from it."
                        : "; the other one is behind it.");
  if (tied == 0) return text + "; all others are behind it.";
  return text +
         fmt::format("; {} of {} others cannot be told from it.", tied, others);
}

std::string board_terminal(const std::vector<BoardTable>& tables,
                           const BoardMetric& metric) {
  std::string text;
  for (const BoardTable& table : tables) {
    std::vector<Cells> cells = {terminal_head(metric)};
    for (size_t i = 0; i < table.rows.size(); ++i)
      cells.push_back(terminal_row(table.rows[i], i + 1, metric));
    text += fmt::format("{}, {}, by {}\n\n{}\n{}\n\n", table.title(),
                        table_note(table), inside_sentence(metric.title),
                        format_table(cells), verdict(table));
  }
  return text + join(kMarks, "\n") + "\n";
}

std::string board_markdown(const std::vector<BoardTable>& tables) {
  std::string text =
      "# Leaderboard\n\nWritten by `ferbench leaderboard`; do not edit. Rows "
      "of different protocols or test images are never ranked together. Full "
      "precision and further columns: `leaderboard.csv`; one row per run: "
      "`runs.csv`.\n";
  for (const BoardTable& table : tables) {
    text += fmt::format("\n## {}\n\n{}. {}\n\n", table.title(),
                        table_note(table), verdict(table));
    text += markdown_line(kMarkdownHead) + "|---:|---|---|---:|---:|---|";
    text += "---:|---:|---|---:|---:|---:|---:|---:|---|---|\n";
    for (size_t i = 0; i < table.rows.size(); ++i)
      text += markdown_line(markdown_row(table.rows[i], i + 1));
  }
  if (tables.empty()) text += "\nNo runs yet.\n";
  return text + "\n" + join(kMarks, " ") + "\n";
}

}  // namespace fer
