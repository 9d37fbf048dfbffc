#include "leaderboard/leaderboard.h"

#include <algorithm>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/text.h"
#include "leaderboard/board_csv.h"
#include "leaderboard/board_page.h"
#include "leaderboard/board_text.h"
#include "leaderboard/file_lock.h"
#include "leaderboard/place.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kLock = ".leaderboard.lock";

[[noreturn]] void refuse_changed(const RunEntry& entry, const fs::path& folder,
                                 const std::string& got) {
  fail<DataError>(
      "[leaderboard] expected the predictions that {}, seed {}, stands on the "
      "board with, SHA-256 {}...; got {}... ({}). Restore the file, or add the "
      "run as it is now: `ferbench leaderboard {} --add`.",
      entry.experiment, entry.seed, entry.predictions_sha256.substr(0, 12),
      got.substr(0, 12), (folder / "predictions-test.csv").string(),
      folder.string());
}

// The scores of a listed run, or DataError.
RunScore score_of(const fs::path& results, const RunEntry& entry) {
  const fs::path folder = entry.folder(results);
  if (!fs::is_directory(folder)) {
    fail<DataError>(
        "[leaderboard] expected the run folder of {}, seed {}; got no such "
        "folder ({}). Put it back, name its new place (`ferbench leaderboard "
        "RUN_DIR --add`), or take it off (`ferbench leaderboard --remove {}`).",
        entry.experiment, entry.seed, folder.string(), entry.run);
  }
  RunScore score = read_run_score(folder);
  if (score.predictions_sha256 != entry.predictions_sha256)
    refuse_changed(entry, folder, score.predictions_sha256);
  if (!entry_of(results, score).same_place(entry)) {
    fail<DataError>(
        "[leaderboard] expected the run of {}, seed {}, {}; got one of {}, "
        "seed {}, {} ({}). Add it as it is now: `ferbench leaderboard {} "
        "--add`.",
        entry.experiment, entry.seed, entry.protocol, score.origin.experiment,
        score.origin.seed, score.origin.protocol, folder.string(),
        folder.string());
  }
  return score;
}

std::vector<RunScore> all_scores(const fs::path& results,
                                 const std::vector<RunEntry>& entries) {
  std::vector<RunScore> scores;
  std::string first;
  size_t faults = 0;
  for (const RunEntry& entry : entries) {
    try {
      scores.push_back(score_of(results, entry));
    } catch (const Error& error) {
      if (faults++ == 0) first = error.what();
    }
  }
  if (faults == 0) return scores;
  fail<DataError>(
      "{}{}", first,
      faults == 1 ? ""
                  : fmt::format(" ({} more of the {} listed runs are refused.)",
                                faults - 1, entries.size()));
}

std::vector<BoardRow> rows_of(const fs::path& results,
                              const std::vector<RunEntry>& entries) {
  return make_board(all_scores(results, entries), read_ledger(results));
}

// A table that something else wrote is not ours to replace.
void check_ours(const fs::path& path) { read_board(path); }

std::vector<BoardRow> rebuild_locked(const fs::path& results) {
  check_ours(results / "leaderboard.csv");
  const std::vector<BoardRow> rows = rows_of(results, read_run_list(results));
  const auto tables = rank_board(rows, board_metrics().front());
  write_file(results / "leaderboard.csv", board_csv(rows));
  write_file(results / "leaderboard.md", board_markdown(tables));
  write_file(results / "leaderboard.html", board_page(tables));
  return rows;
}

}  // namespace

const char* name_of(AddOutcome outcome) {
  return outcome == AddOutcome::kAdded      ? "added"
         : outcome == AddOutcome::kReplaced ? "replaced"
                                            : "kept";
}

AddOutcome add_run(const fs::path& results, const fs::path& run_dir,
                   const AddOptions& options) {
  return add_runs(results, {run_dir}, options).front();
}

std::vector<AddOutcome> add_runs(const fs::path& results,
                                 const std::vector<fs::path>& run_dirs,
                                 const AddOptions& options) {
  const FileLock lock(results / kLock);
  check_ours(results / "leaderboard.csv");
  std::vector<RunEntry> entries = read_run_list(results);
  std::vector<AddOutcome> outcomes;
  for (const fs::path& run_dir : run_dirs)
    outcomes.push_back(
        place_run(results, entries, read_run_score(run_dir), options));
  write_run_list(results, entries);
  rebuild_locked(results);
  return outcomes;
}

size_t remove_runs(const fs::path& results,
                   const std::string& experiment_or_folder) {
  const FileLock lock(results / kLock);
  std::vector<RunEntry> entries = read_run_list(results);
  const std::string stored = stored_path(results, experiment_or_folder);
  std::vector<std::string> names;
  for (const RunEntry& entry : entries) {
    for (const std::string& name : {entry.experiment, entry.run})
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  const size_t removed = std::erase_if(entries, [&](const RunEntry& entry) {
    return entry.experiment == experiment_or_folder || entry.run == stored ||
           entry.run == experiment_or_folder;
  });
  if (removed == 0) {
    const std::string near = nearest(experiment_or_folder, names);
    fail<DataError>(
        "[leaderboard] expected an experiment or a run folder of the board; "
        "got '{}'{} ({}).",
        experiment_or_folder,
        near.empty() ? "" : ", did you mean " + near + "?",
        (results / "runs.csv").string());
  }
  write_run_list(results, entries);
  rebuild_locked(results);
  return removed;
}

std::vector<BoardRow> rebuild(const fs::path& results) {
  const FileLock lock(results / kLock);
  return rebuild_locked(results);
}

std::vector<BoardRow> preview(const fs::path& results,
                              const std::vector<fs::path>& run_dirs) {
  std::vector<RunEntry> entries = read_run_list(results);
  for (const fs::path& run_dir : run_dirs)
    place_run(results, entries, read_run_score(run_dir), {true});
  return rows_of(results, entries);
}

std::vector<BoardRow> read_leaderboard(const fs::path& results,
                                       size_t* absent) {
  size_t missing = 0;
  for (const RunEntry& entry : read_run_list(results)) {
    const fs::path folder = entry.folder(results);
    const fs::path file = folder / "predictions-test.csv";
    if (!fs::exists(file)) {
      ++missing;
      continue;
    }
    const std::string got = sha256(read_file(file));
    if (got != entry.predictions_sha256) refuse_changed(entry, folder, got);
  }
  if (absent) *absent = missing;
  return read_board(results / "leaderboard.csv");
}

std::vector<fs::path> find_runs(const fs::path& folder) {
  const auto is_run = [](const fs::path& path) {
    return fs::exists(path / "metrics.json") &&
           fs::exists(path / "predictions-test.csv");
  };
  // What a person names is taken at its word: its faults are told in full.
  if (!fs::is_directory(folder) || fs::exists(folder / "metrics.json") ||
      fs::exists(folder / "config.yaml"))
    return {folder};
  std::vector<fs::path> runs;
  for (auto it = fs::recursive_directory_iterator(folder);
       it != fs::recursive_directory_iterator(); ++it) {
    if (!it->is_directory()) continue;
    if (it.depth() >= 2) it.disable_recursion_pending();
    const bool fold = it->path().filename().string().starts_with("fold-") &&
                      fs::exists(it->path().parent_path() / "out_of_fold");
    if (!is_run(it->path())) continue;
    it.disable_recursion_pending();
    if (!fold) runs.push_back(it->path());
  }
  if (runs.empty()) {
    fail<DataError>(
        "[leaderboard] expected run folders with metrics.json and "
        "predictions-test.csv; got a folder without any ({}). Name a folder "
        "that `ferbench run` wrote.",
        folder.string());
  }
  std::ranges::sort(runs);
  return runs;
}

}  // namespace fer
