#include "leaderboard/leaderboard.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "cli/verbs.h"
#include "core/error.h"
#include "core/text.h"
#include "leaderboard/board_csv.h"
#include "leaderboard/board_text.h"

namespace fer {
namespace {

struct LeaderboardOptions {
  std::vector<std::string> runs, remove;
  std::string results = "results", protocol, metric = "accuracy";
  bool add = false, replace = false, rebuild = false;
  bool json = false, quiet = false;

  bool writes() const { return add || rebuild || !remove.empty(); }
};

std::vector<std::filesystem::path> all_runs(const LeaderboardOptions& options) {
  std::vector<std::filesystem::path> runs;
  for (const std::string& folder : options.runs)
    for (auto& run : find_runs(folder)) runs.push_back(std::move(run));
  return runs;
}

void add_all(const LeaderboardOptions& options) {
  if (options.runs.empty()) {
    fail<DataError>(
        "[leaderboard] expected run folders to add; got none. Name them: "
        "`ferbench leaderboard runs/demo --add`.");
  }
  const auto runs = all_runs(options);
  const auto outcomes = add_runs(options.results, runs, {options.replace});
  for (size_t i = 0; i < runs.size() && !options.quiet; ++i)
    fmt::print(stderr, "{}: {}\n", name_of(outcomes[i]), runs[i].string());
}

// Does what the options ask for, then gives the rows to show.
std::vector<BoardRow> board_rows(const LeaderboardOptions& options) {
  for (const std::string& name : options.remove)
    remove_runs(options.results, name);
  if (options.add) add_all(options);
  if (options.rebuild) rebuild(options.results);
  if (!options.runs.empty() && !options.add)
    return preview(options.results, all_runs(options));
  size_t absent = 0;
  auto rows = read_leaderboard(options.results, &absent);
  if (absent > 0 && !options.quiet)
    fmt::print(stderr,
               "note: the predictions of {} listed run{} are not here and "
               "could not be checked\n",
               absent, absent == 1 ? "" : "s");
  return rows;
}

void keep_protocol(std::vector<BoardRow>& rows, const std::string& protocol) {
  std::vector<std::string> known;
  for (const BoardRow& row : rows)
    if (std::ranges::find(known, row.protocol) == known.end())
      known.push_back(row.protocol);
  std::erase_if(rows,
                [&](const BoardRow& row) { return row.protocol != protocol; });
  if (!rows.empty()) return;
  const std::string near = nearest(protocol, known);
  fail<DataError>(
      "[leaderboard] expected a protocol of the board ({}); got '{}'{}",
      join(known, ", "), protocol,
      near.empty() ? "." : ", did you mean " + near + "?");
}

int leaderboard(const LeaderboardOptions& options) {
  const BoardMetric& metric = board_metric(options.metric);
  std::vector<BoardRow> rows = board_rows(options);
  if (rows.empty() && options.remove.empty()) {
    fail<DataError>(
        "[leaderboard] expected runs on the board; got none ({}/runs.csv). Add "
        "some: `ferbench leaderboard RUN_DIR --add`.",
        options.results);
  }
  if (!options.protocol.empty() && !rows.empty())
    keep_protocol(rows, options.protocol);
  const auto tables = rank_board(std::move(rows), metric);
  if (options.json) {
    std::vector<BoardRow> ranked;
    for (const BoardTable& table : tables)
      ranked.insert(ranked.end(), table.rows.begin(), table.rows.end());
    fmt::print("{}\n", json_text(board_json(ranked)));
    return 0;
  }
  fmt::print("{}", board_terminal(tables, metric));
  if (options.writes() && !options.quiet)
    fmt::print("\nleaderboard: {}/leaderboard.html\n", options.results);
  return 0;
}

}  // namespace

void add_leaderboard(CLI::App& app, Action& action) {
  auto options = std::make_shared<LeaderboardOptions>();
  CLI::App* verb = app.add_subcommand("leaderboard",
                                      "Rank experiments, protocol by protocol");
  verb->footer(
      "Example: ferbench leaderboard --metric macro_f1\n"
      "         ferbench leaderboard runs/demo --add");
  verb->add_option("RUN", options->runs,
                   "Run folders, or folders of runs: shown beside the board's "
                   "own, and kept with --add");
  verb->add_flag("--add", options->add, "Put the runs on the board");
  verb->add_flag("--replace", options->replace,
                 "With --add: also in the place of a newer run");
  verb->add_option("--remove", options->remove,
                   "Take an experiment, or a run folder, off the board; may be "
                   "repeated")
      ->allow_extra_args(false);
  verb->add_flag("--rebuild", options->rebuild,
                 "Make the tables again from the listed run folders");
  verb->add_option("--results", options->results,
                   "Folder of the board (default: results)");
  verb->add_option("--protocol", options->protocol, "Show one protocol only");
  verb->add_option("--metric", options->metric,
                   "What ranks the rows (default: accuracy)");
  verb->add_flag("--json", options->json, "Print the rows as JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback([options, &action] {
    action = [options] { return leaderboard(*options); };
  });
}

}  // namespace fer
