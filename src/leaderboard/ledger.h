// The ledger of looks at sealed test sets: results/ledger.csv, one line per
// scoring of a test split. A number that was chosen among many looks is worth
// less; the leaderboard shows how many there were.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

/// One scoring of a split. Columns of the file, in this order.
struct Look {
  std::string time;        ///< UTC, "2026-11-21T09:45:00Z"; "": now
  std::string commit;      ///< of the program; "" when unknown
  std::string run;         ///< run folder, as stored_path() writes it
  std::string experiment;  ///< not empty
  std::string protocol;    ///< not empty
  std::string data;        ///< name of the data set, as on the leaderboard
  std::string split;       ///< "test"
  int64_t n = 0;           ///< rows that were scored, at least 1
  std::string metric;      ///< "accuracy"
  double value = 0;        ///< finite
};

/// Appends one line to `results`/ledger.csv (made, with its folder, when
/// missing) under the lock `results`/.ledger.lock: processes that write at once
/// lose nothing. Line breaks and control characters in texts become spaces.
/// DataError for a look with empty or impossible fields, and for a file that is
/// damaged or no ledger, which is then left as it is.
void append_look(const std::filesystem::path& results, Look look);

/// All looks, oldest first; none when there is no file. DataError with path,
/// line and way out for what append_look did not write.
std::vector<Look> read_ledger(const std::filesystem::path& results);

/// How often a test split of this experiment, protocol and data set was scored.
int64_t looks(std::span<const Look> ledger, std::string_view experiment,
              std::string_view protocol, std::string_view data);

/// The look that a run's metrics.json tells of: who, where, how many images,
/// and the accuracy on `split`. Throws like read_run_origin, and DataError when
/// the split has no scores.
Look look_of(const std::filesystem::path& results,
             const std::filesystem::path& run_dir,
             const std::string& split = "test");

/// `run_dir` relative to `results` ("../runs/demo/seed-42"), with forward
/// slashes, so that both can move together.
std::string stored_path(const std::filesystem::path& results,
                        const std::filesystem::path& run_dir);

/// Now, in UTC: "2026-11-21T09:45:00Z".
std::string utc_now();

}  // namespace fer
