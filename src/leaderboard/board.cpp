#include "leaderboard/board.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>

#include "core/error.h"
#include "core/text.h"
#include "leaderboard/standing.h"
#include "report/scores.h"
#include "stats/seeds.h"

namespace fer {
namespace {

using Runs = SeedRuns;
using TableKey = std::tuple<std::string, std::string, std::string>;

TableKey table_key(const BoardRow& row) {
  return {row.protocol, row.dataset, row.test_set};
}

std::string joined(const Runs& runs, std::string RunOrigin::*text) {
  std::vector<std::string> different;
  for (const RunScore* run : runs) {
    const std::string& value = run->origin.*text;
    if (!value.empty() &&
        std::ranges::find(different, value) == different.end())
      different.push_back(value);
  }
  return join(different, "; ");
}

using Optional = std::optional<double>;

std::vector<double> values_of(const Runs& runs, Optional RunOrigin::*value) {
  std::vector<double> values;
  for (const RunScore* run : runs)
    if (const Optional& number = run->origin.*value) values.push_back(*number);
  return values;
}

Optional mean_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Optional least_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return std::ranges::min(values);
}

MetricSummary summary(const Runs& runs, const std::string& key) {
  std::vector<double> values;
  for (const RunScore* run : runs) {
    const Optional value = number(run->scores, key);
    if (!value) return {};
    values.push_back(*value);
  }
  const SeedSummary seeds = summarise(values);
  MetricSummary result{seeds.mean, std::nullopt};
  if (values.size() > 1) result.std = seeds.std;
  return result;
}

std::vector<std::pair<std::string, double>> class_f1(const Runs& runs) {
  std::vector<std::pair<std::string, double>> means;
  for (const std::string& name : runs[0]->predictions.class_names) {
    std::vector<double> values;
    for (const RunScore* run : runs)
      if (const auto f1 = number(run->scores.at("classes").at(name), "f1"))
        values.push_back(*f1);
    if (const Optional mean = mean_of(values)) means.emplace_back(name, *mean);
  }
  return means;
}

BoardRow make_row(const Runs& runs, std::span<const Look> ledger) {
  const RunOrigin& first = runs[0]->origin;
  BoardRow row;
  row.experiment = first.experiment;
  row.model = joined(runs, &RunOrigin::model);
  row.dataset = first.dataset;
  row.protocol = first.protocol;
  row.test_set = runs[0]->test_set;
  for (const RunScore* run : runs) {
    row.seeds.push_back(run->origin.seed);
    row.leaky |= run->origin.leaky;
    if (run->origin.leaky_share)
      row.leaky_share =
          std::max(row.leaky_share.value_or(0), *run->origin.leaky_share);
  }
  row.n = static_cast<int64_t>(runs[0]->predictions.size());
  for (const BoardMetric& metric : board_metrics())
    row.metrics.push_back(summary(runs, metric.key));
  row.class_f1 = class_f1(runs);
  row.parameters = least_of(values_of(runs, &RunOrigin::parameters));
  row.flops = least_of(values_of(runs, &RunOrigin::flops));
  row.train_seconds = mean_of(values_of(runs, &RunOrigin::train_seconds));
  row.images_per_second =
      mean_of(values_of(runs, &RunOrigin::images_per_second));
  row.onnx_bytes = least_of(values_of(runs, &RunOrigin::onnx_bytes));
  row.hardware = joined(runs, &RunOrigin::hardware);
  row.commit = joined(runs, &RunOrigin::commit);
  row.test_looks = std::max<int64_t>(
      looks(ledger, row.experiment, row.protocol, row.dataset),
      static_cast<int64_t>(runs.size()));
  return row;
}

// Rows of one table have the same (protocol, dataset, test set).
void compare_rows(std::vector<BoardRow>& rows, const std::vector<Runs>& runs) {
  std::map<TableKey, std::vector<size_t>> tables;
  for (size_t i = 0; i < rows.size(); ++i)
    tables[table_key(rows[i])].push_back(i);
  for (const auto& [key, members] : tables) {
    std::vector<BoardRow*> of_table;
    std::vector<Runs> their_runs;
    for (const size_t i : members) {
      of_table.push_back(&rows[i]);
      their_runs.push_back(runs[i]);
    }
    set_standings(of_table, their_runs);
  }
}

bool stands_before(const BoardRow& a, const BoardRow& b,
                   const BoardMetric& metric) {
  const auto x = a.metric(metric.key).mean, y = b.metric(metric.key).mean;
  if (x.has_value() != y.has_value()) return x.has_value();
  if (x && *x != *y) return metric.higher ? *x > *y : *x < *y;
  return a.experiment < b.experiment;
}

bool has_leak(const BoardTable& table) {
  return std::ranges::any_of(table.rows, &BoardRow::leaky);
}

}  // namespace

const std::vector<BoardMetric>& board_metrics() {
  static const std::vector<BoardMetric> metrics = {
      {"accuracy", "Accuracy", true},
      {"macro_f1", "Macro F1", true},
      {"balanced_accuracy", "Balanced accuracy", true},
      {"macro_precision", "Macro precision", true},
      {"macro_recall", "Macro recall", true},
      {"weighted_f1", "Weighted F1", true},
      {"mcc", "Matthews correlation", true},
      {"auc", "ROC AUC", true},
      {"average_precision", "Average precision", true},
      {"log_loss", "Log loss", false},
      {"brier", "Brier score", false}};
  return metrics;
}

const BoardMetric& board_metric(std::string_view key) {
  std::vector<std::string> names;
  for (const BoardMetric& metric : board_metrics()) {
    if (metric.key == key) return metric;
    names.push_back(metric.key);
  }
  const std::string near = nearest(key, names);
  fail<DataError>(
      "[leaderboard] expected a metric of the board; got '{}'{} Take one of "
      "{}.",
      key, near.empty() ? "." : ", did you mean " + near + "?",
      join(names, ", "));
}

const char* name_of(Standing standing) {
  return standing == Standing::kBest   ? "best"
         : standing == Standing::kTied ? "tied"
                                       : "behind";
}

const MetricSummary& BoardRow::metric(std::string_view key) const {
  const auto& known = board_metrics();
  return metrics[static_cast<size_t>(&board_metric(key) - known.data())];
}

std::string BoardTable::title() const {
  return fmt::format("{}: {}", protocol, dataset);
}

std::string BoardTable::id() const {
  std::string id = protocol + "-" + dataset;
  for (char& c : id)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '-';
  return id + "-" + test_set.substr(0, 8);
}

std::vector<BoardRow> make_board(std::span<const RunScore> runs,
                                 std::span<const Look> ledger) {
  std::map<std::pair<std::string, TableKey>, Runs> grouped;
  for (const RunScore& run : runs) {
    const RunOrigin& who = run.origin;
    grouped[{who.experiment, {who.protocol, who.dataset, run.test_set}}]
        .push_back(&run);
  }
  std::vector<BoardRow> rows;
  std::vector<Runs> of_row;
  for (auto& [key, seeds] : grouped) {
    std::ranges::stable_sort(
        seeds, {}, [](const RunScore* run) { return run->origin.seed; });
    rows.push_back(make_row(seeds, ledger));
    of_row.push_back(seeds);
  }
  compare_rows(rows, of_row);
  return rows;
}

std::vector<BoardTable> rank_board(std::vector<BoardRow> rows,
                                   const BoardMetric& metric) {
  std::ranges::stable_sort(rows, [&](const BoardRow& a, const BoardRow& b) {
    return stands_before(a, b, metric);
  });
  std::map<TableKey, BoardTable> tables;
  for (BoardRow& row : rows) {
    BoardTable& table = tables[table_key(row)];
    table.protocol = row.protocol;
    table.dataset = row.dataset;
    table.test_set = row.test_set;
    table.n = row.n;
    table.rows.push_back(std::move(row));
  }
  std::vector<BoardTable> all;
  for (auto& [key, table] : tables) all.push_back(std::move(table));
  for (BoardTable& table : all)
    table.same_name =
        std::ranges::count(all, table.title(), &BoardTable::title) > 1;
  std::ranges::stable_sort(all, {}, has_leak);  // false comes first
  return all;
}

}  // namespace fer
