#include "leaderboard/run_list.h"

#include "core/csv.h"
#include "core/file.h"
#include "leaderboard/board.h"
#include "leaderboard/ledger.h"
#include "leaderboard/results_csv.h"
#include "report/scores.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string>& place_columns() {
  static const std::vector<std::string> columns = {
      "experiment", "protocol",           "dataset", "test_set", "seed",
      "run",        "predictions_sha256", "started", "added",    "fingerprint",
      "image_shape"};
  return columns;
}

std::string cell(const std::optional<double>& value) {
  return value ? csv_number(*value) : "";
}

// Name and text of the columns behind, in the order of the file.
std::vector<std::pair<std::string, std::string>> details_of(
    const RunScore& score) {
  const RunOrigin& who = score.origin;
  std::vector<std::pair<std::string, std::string>> details = {
      {"model", who.model},
      {"leaky", who.leaky ? "true" : "false"},
      {"leaky_share", cell(who.leaky_share)},
      {"n", std::to_string(score.predictions.size())}};
  for (const BoardMetric& metric : board_metrics())
    details.emplace_back(metric.key, cell(number(score.scores, metric.key)));
  details.insert(details.end(),
                 {{"parameters", cell(who.parameters)},
                  {"flops", cell(who.flops)},
                  {"train_seconds", cell(who.train_seconds)},
                  {"images_per_second", cell(who.images_per_second)},
                  {"hardware", who.hardware},
                  {"commit", who.commit}});
  return details;
}

const std::vector<std::string>& all_columns() {
  static const std::vector<std::string> columns = [] {
    std::vector<std::string> names = place_columns();
    for (const auto& [name, text] : details_of({})) names.push_back(name);
    return names;
  }();
  return columns;
}

std::vector<std::string> fields_of(const RunEntry& entry) {
  std::vector<std::string> fields = {entry.experiment,
                                     entry.protocol,
                                     entry.dataset,
                                     entry.test_set,
                                     std::to_string(entry.seed),
                                     entry.run,
                                     entry.predictions_sha256,
                                     entry.started,
                                     entry.added,
                                     entry.fingerprint,
                                     entry.image_shape};
  fields.insert(fields.end(), entry.details.begin(), entry.details.end());
  return fields;
}

}  // namespace

bool RunEntry::same_place(const RunEntry& other) const {
  return experiment == other.experiment && protocol == other.protocol &&
         dataset == other.dataset && test_set == other.test_set &&
         seed == other.seed;
}

fs::path RunEntry::folder(const fs::path& results) const {
  // stored_path() counts from where a link leads to.
  return (fs::weakly_canonical(fs::absolute(results)) / run).lexically_normal();
}

RunEntry entry_of(const fs::path& results, const RunScore& score) {
  const RunOrigin& who = score.origin;
  RunEntry entry{who.experiment,
                 who.protocol,
                 who.dataset,
                 score.test_set,
                 who.seed,
                 stored_path(results, score.path),
                 score.predictions_sha256,
                 who.started,
                 utc_now(),
                 who.fingerprint,
                 who.image_shape,
                 {}};
  for (auto& [name, text] : details_of(score)) entry.details.push_back(text);
  return entry;
}

std::vector<RunEntry> read_run_list(const fs::path& results) {
  std::vector<RunEntry> entries;
  const fs::path path = results / "runs.csv";
  if (!fs::exists(path)) return entries;
  const ResultsCsv file(path, all_columns(), "leaderboard");
  for (const ResultsRow& row : file.rows()) {
    RunEntry entry{row.text("experiment"),
                   row.text("protocol"),
                   row.text("dataset"),
                   row.text("test_set"),
                   row.whole("seed"),
                   row.text("run"),
                   row.text("predictions_sha256"),
                   row.text("started"),
                   row.text("added"),
                   row.text("fingerprint"),
                   row.text("image_shape"),
                   {}};
    if (entry.experiment.empty() || entry.run.empty() ||
        entry.predictions_sha256.size() != 64)
      row.refuse("an experiment, a run folder and a SHA-256",
                 "'" + entry.experiment + "', '" + entry.run + "', '" +
                     entry.predictions_sha256 + "'");
    for (size_t i = place_columns().size(); i < all_columns().size(); ++i)
      entry.details.push_back(row.text(all_columns()[i]));
    entries.push_back(std::move(entry));
  }
  return entries;
}

void write_run_list(const fs::path& results,
                    const std::vector<RunEntry>& entries) {
  std::string text = csv_line(all_columns()) + "\n";
  for (const RunEntry& entry : entries)
    text += csv_line(fields_of(entry)) + "\n";
  write_file(results / "runs.csv", text);
}

}  // namespace fer
