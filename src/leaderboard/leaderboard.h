// The leaderboard: results/runs.csv (which runs), and made from it and their
// folders leaderboard.csv, leaderboard.md and leaderboard.html. All four are
// written by the tool only, whole, under results/.leaderboard.lock: writers at
// once wait for each other and lose nothing. docs/leaderboard.md
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "leaderboard/board.h"
#include "leaderboard/run_list.h"

namespace fer {

enum class AddOutcome { kAdded, kReplaced, kKept };
const char* name_of(AddOutcome outcome);  ///< "added", "replaced", "kept"

struct AddOptions {
  bool replace = false;  ///< take the run although a newer one stands there
};

/// Puts a run on the board and makes the tables again. Of two runs with the
/// same experiment, protocol, data set, test images and seed the one that
/// started later stands there; the same predictions again only update the
/// folder's place (kKept).
///
/// DataError, with nothing changed: what read_run_score throws; an older run
/// than the one that stands there (unless options.replace); settings other than
/// those of the experiment's other seeds; other pixels under the same data set
/// name, ids and image size. DataError of rebuild(), thrown after the run has
/// been written to runs.csv.
AddOutcome add_run(const std::filesystem::path& results,
                   const std::filesystem::path& run_dir,
                   const AddOptions& options = {});

/// The same for several runs, with one rebuild.
std::vector<AddOutcome> add_runs(
    const std::filesystem::path& results,
    const std::vector<std::filesystem::path>& run_dirs,
    const AddOptions& options = {});

/// Takes off every run of an experiment, or the one run of a folder, and makes
/// the tables again. Gives their number. DataError with the nearest names when
/// nothing fits.
size_t remove_runs(const std::filesystem::path& results,
                   const std::string& experiment_or_folder);

/// Makes leaderboard.csv, .md and .html again. DataError when a run's folder is
/// gone, its predictions are no longer those of runs.csv, or read_run_score
/// refuses it; the message names the first such run and counts the others, and
/// nothing is written.
std::vector<BoardRow> rebuild(const std::filesystem::path& results);

/// The rows with further runs beside them, without writing anything.
std::vector<BoardRow> preview(
    const std::filesystem::path& results,
    const std::vector<std::filesystem::path>& run_dirs);

/// The rows of leaderboard.csv, after a check of every run folder that is at
/// hand: DataError for predictions that are no longer those of runs.csv.
/// `absent` counts the runs whose folders are not here.
std::vector<BoardRow> read_leaderboard(const std::filesystem::path& results,
                                       size_t* absent = nullptr);

/// Run folders with test predictions at or under `folder`, sorted: itself,
/// or any folder up to three levels down. Where a folder holds out_of_fold, its
/// fold-<n> are left out. DataError when there is none.
std::vector<std::filesystem::path> find_runs(
    const std::filesystem::path& folder);

}  // namespace fer
