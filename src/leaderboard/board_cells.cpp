#include "leaderboard/board_cells.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/csv.h"
#include "leaderboard/board_text.h"
#include "report/format.h"
#include "report/html.h"

namespace fer {
namespace {

using Optional = std::optional<double>;

constexpr const char* kNothing = "<span class=\"nothing\">\u2013</span>";

std::string or_nothing(const std::string& text) {
  return text.empty() ? kNothing : escape_html(text);
}

std::string key_of(const Optional& value) {
  return value ? csv_number(*value) : "";
}

// "0.8948", and below it "± 0.0031" in small.
std::string score_html(const MetricSummary& summary) {
  if (!summary.mean) return kNothing;
  std::string html = format_share(*summary.mean);
  if (summary.std)
    html += fmt::format("<small>\u00b1 {}</small>", format_share(*summary.std));
  return html;
}

PageColumn score_column(const char* metric, const char* title,
                        const char* meaning) {
  return {title,
          meaning,
          true,
          !board_metric(metric).higher,
          [=](const BoardRow& row, const BoardTable&) {
            return score_html(row.metric(metric));
          },
          [=](const BoardRow& row) { return key_of(row.metric(metric).mean); }};
}

PageColumn cost_column(const char* title, const char* meaning,
                       Optional BoardRow::*value,
                       std::string (*text)(const Optional&),
                       bool low_is_best = true) {
  return {title,
          meaning,
          true,
          low_is_best,
          [=](const BoardRow& row, const BoardTable&) {
            return or_nothing(text(row.*value));
          },
          [=](const BoardRow& row) { return key_of(row.*value); }};
}

std::string origin_html(const BoardRow& row, const BoardTable&) {
  return fmt::format("<span class=\"origin\">{}<small>{}</small></span>",
                     or_nothing(row.hardware), escape_html(row.commit));
}

// "−2.3 points"; the difference to the best row is never above 0.
std::string points_html(const BoardRow& row) {
  return fmt::format("\u2212{:.1f} points", std::abs(100 * row.difference));
}

std::string standing_html(const BoardRow& row, const BoardTable&) {
  switch (row.standing) {
    case Standing::kBest:
      return "<span class=\"mark best\">best</span>";
    case Standing::kTied:
      return fmt::format(
          "<span class=\"mark tied\">not distinguishable</span><small>{}, "
          "{}</small>",
          points_html(row), escape_html(p_text(row.p)));
    case Standing::kBehind:
      break;
  }
  return fmt::format("{}<small>{}</small>", points_html(row),
                     escape_html(p_text(row.p)));
}

const std::pair<std::string, double>* weakest(const BoardRow& row) {
  const auto found = std::ranges::min_element(
      row.class_f1, {}, &std::pair<std::string, double>::second);
  return found == row.class_f1.end() ? nullptr : &*found;
}

std::string weakest_html(const BoardRow& row, const BoardTable&) {
  const auto* found = weakest(row);
  if (!found) return kNothing;
  return fmt::format("{}<small>{}</small>", format_share(found->second),
                     escape_html(found->first));
}

std::string speed_text(const Optional& value) {
  return value ? format_count(*value) : "";
}

std::string looks_html(const BoardRow& row, const BoardTable&) {
  return format_count(static_cast<double>(row.test_looks));
}

std::string accuracy_key(const BoardRow& row) {
  return key_of(row.metric("accuracy").mean);
}

std::vector<PageColumn> result_columns() {
  return {
      score_column("accuracy", "Accuracy",
                   "Share of right answers: mean over the seeds, \u00b1 their "
                   "standard deviation. The rank follows it."),
      {"95 % interval",
       "Where the mean accuracy lies: doubt from other test images (bootstrap; "
       "copies of one picture count as one) and, from two seeds on, from other "
       "seeds (t), added as squares. Dot: mean. Dashed line: the best row's. "
       "Arrow: further left than the drawing reaches.",
       true, false, interval_drawing,
       [](const BoardRow& row) {
         return csv_number(row.accuracy_interval.low);
       }},
      {"Against the best",
       "Difference in accuracy to the best row, on the same images. Not "
       "distinguishable: p of at least 0.05 (paired bootstrap over the images; "
       "where both have several seeds, their spread too; Holm over the "
       "table).",
       true, false, standing_html, accuracy_key},
      score_column("macro_f1", "Macro F1",
                   "Plain mean of the classes' F1, mean over the seeds."),
      score_column("auc", "ROC AUC",
                   "Area under the ROC curve, from the scores; more than two "
                   "classes: the plain mean, each against the rest."),
      {"Weakest class", "The class with the lowest F1, and that F1.", true,
       false, weakest_html, [](const BoardRow& row) {
         const auto* found = weakest(row);
         return found ? csv_number(found->second) : "";
       }}};
}

std::vector<PageColumn> cost_columns() {
  return {
      cost_column("Parameters", "Numbers in the model.", &BoardRow::parameters,
                  short_count),
      cost_column("FLOPs", "Operations for one image, two per multiply-add.",
                  &BoardRow::flops, short_count),
      cost_column("Training", "Time of one training, mean over the seeds.",
                  &BoardRow::train_seconds, duration_text),
      cost_column("Images/s",
                  "Training images per second, mean over the seeds.",
                  &BoardRow::images_per_second, speed_text, false),
      cost_column("ONNX", "Size of the exported model.", &BoardRow::onnx_bytes,
                  bytes_text),
      {"Looks",
       "How often a test split was scored for this experiment. Many looks make "
       "a chosen number worth less.",
       true, true, looks_html,
       [](const BoardRow& row) { return std::to_string(row.test_looks); }},
      {"Origin",
       "Hardware of the training, and the version (commit) of ferbench.", false,
       true, origin_html, [](const BoardRow& row) { return row.hardware; }}};
}

constexpr double kDrawing = 132;  // width of an interval's drawing, pixels

// One scale for the drawings of a table.
struct Scale {
  double low, high, best;

  double x(double value) const {
    constexpr double kEdge = 6;
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return kEdge + std::clamp(share, 0.0, 1.0) * (kDrawing - 2 * kEdge);
  }
};

// The lowest quarter of the rows may fall outside: one row far behind would
// squeeze all others into a corner.
Scale scale_of(const BoardTable& table) {
  std::vector<double> lows;
  Scale scale{0, 0, 0};
  for (const BoardRow& row : table.rows) {
    lows.push_back(row.accuracy_interval.low);
    scale.high = std::max(scale.high, row.accuracy_interval.high);
    scale.best = std::max(scale.best, row.metric("accuracy").mean.value_or(0));
  }
  std::ranges::sort(lows);
  scale.low = lows[(lows.size() - 1) / 4];
  return scale;
}

std::vector<PageColumn> make_columns() {
  std::vector<PageColumn> columns = result_columns();
  for (PageColumn& column : cost_columns())
    columns.push_back(std::move(column));
  return columns;
}

}  // namespace

const std::vector<PageColumn>& page_columns() {
  static const std::vector<PageColumn> columns = make_columns();
  return columns;
}

std::string row_heading(const BoardRow& row, size_t rank) {
  std::string seeds = fmt::format("{} seed{}", row.seeds.size(),
                                  row.seeds.size() == 1 ? "" : "s");
  if (!row.model.empty()) seeds = row.model + ", " + seeds;
  std::string html = fmt::format(
      "<span class=\"rank\">{}</span><span class=\"name\"><b>{}</b>"
      "<small>{}</small>",
      rank, escape_html(row.experiment), escape_html(seeds));
  if (row.leaky)
    html += fmt::format("<span class=\"badge\">{}</span>",
                        escape_html(leak_mark(row)));
  return html + "</span>";
}

std::string interval_drawing(const BoardRow& row, const BoardTable& table) {
  const Scale scale = scale_of(table);
  const Interval& interval = row.accuracy_interval;
  const double low = scale.x(interval.low), high = scale.x(interval.high);
  // Outside the scale: an arrow that points there.
  const bool outside = interval.high < scale.low;
  const std::string shape =
      outside ? "<path d=\"M6 8H22M10 4L6 8L10 12\"/>"
              : fmt::format(
                    "<path d=\"M{0:.1f} 8H{1:.1f}M{0:.1f} 5V11M{1:.1f} "
                    "5V11\"/><circle cx=\"{2:.1f}\" cy=\"8\" r=\"3.5\"/>",
                    low, high,
                    scale.x(row.metric("accuracy").mean.value_or(scale.low)));
  return fmt::format(
      "<svg class=\"interval {}\" viewBox=\"0 0 {:.0f} 16\" width=\"{:.0f}\" "
      "height=\"16\" aria-hidden=\"true\"><path class=\"lead\" d=\"M{:.1f} "
      "0V16\"/>{}</svg><small>{}</small>",
      name_of(row.standing), kDrawing, kDrawing, scale.x(scale.best), shape,
      interval_text(interval));
}

}  // namespace fer
