// How the training went.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/terminal.h"
#include "report/format.h"
#include "report/page.h"
#include "report/scores.h"

namespace fer {
namespace {

double median(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return NAN;
  const auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string at(const std::vector<double>& values, size_t row) {
  return row < values.size() && std::isfinite(values[row])
             ? format_number(values[row])
             : "-";
}

std::string summary(const RunFiles& run) {
  HtmlTable table;
  table.rows.push_back(
      {"Epochs run", fmt::format("{}", run.history->rows.size())});
  if (const auto best = best_epoch(run))
    table.rows.push_back(
        {"Best epoch", fmt::format("{} ({})", best->epoch, best->why)});
  double total = 0;
  for (const double value : run.history_column("seconds"))
    total += std::isfinite(value) ? value : 0;
  table.rows.push_back({"Time", format_duration(total)});
  const double speed = median(run.history_column("images_per_second"));
  table.rows.push_back({"Images per second, median over epochs",
                        std::isfinite(speed) ? format_count(speed) : "-"});
  const std::string reason = text(run.last, "stop_reason");
  table.rows.push_back(
      {"Why it ended", reason.empty() ? "all epochs were run, or the reason "
                                        "was not recorded"
                                      : reason});
  return table.html();
}

std::string epochs(const RunFiles& run) {
  HtmlTable table;
  table.head = {"",
                "training loss",
                "training accuracy",
                "validation loss",
                "validation accuracy",
                "learning rate"};
  const auto row = [&](const std::string& name, size_t index) {
    std::vector<std::string> cells = {name};
    for (const char* column : {"train_loss", "train_accuracy", "val_loss",
                               "val_accuracy", "learning_rate"})
      cells.push_back(at(run.history_column(column), index));
    table.rows.push_back(std::move(cells));
  };
  row("first epoch", 0);
  if (const auto best = best_epoch(run)) row("best epoch", best->row);
  row("last epoch", run.history->rows.size() - 1);
  return table.html();
}

std::string all_epochs(const RunFiles& run) {
  return folded("All epochs (history.csv)",
                HtmlTable{run.history->columns, run.history->rows, ""}.html());
}

}  // namespace

PageSection training_section(const RunFiles& run) {
  PageSection section{"training", "Training", ""};
  section.html =
      !run.history || run.history->rows.empty()
          ? missing_html(
                "history.csv is missing or empty: no epoch was finished.")
          : "<div class=\"texts\">" + summary(run) + "</div>" + epochs(run) +
                all_epochs(run);
  return section;
}

}  // namespace fer
