// Published tables beside what the stored runs give, cell by cell.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "reproduce/arithmetic.h"
#include "reproduce/measure.h"
#include "reproduce/published.h"
#include "reproduce/report_faults.h"

namespace fer {

/// Seeds that a missing experiment is asked for.
inline constexpr int kReproducedSeeds = 3;

struct ReproduceOptions {
  std::filesystem::path results = "results";
  std::filesystem::path runs = "runs";
  std::filesystem::path published;  ///< empty: results/published
  int resamples = 10'000;
};

struct Cell {
  std::string metric;
  PrintedNumber reported;
  std::optional<Measured> report, clean;
  CellVerdict verdict = CellVerdict::kNotRun;
};

struct ClaimResult {
  PublishedClaim claim;
  ArithmeticCheck check;
  std::vector<Cell> cells;
};

/// The runs behind a model's columns, in words; empty: not run.
struct ModelRuns {
  std::string model, title, report, clean;
};

struct SourceResult {
  Published published;
  std::vector<ModelRuns> runs;
  std::vector<ClaimResult> claims;  ///< as in the file
  std::vector<std::string> shares;  ///< contradictions between claims
  std::vector<ReportFault> faults;  ///< of the source of two classes
};

/// A command that would fill a gap, and what it needs first ("" for nothing).
struct Missing {
  std::string command, needs, experiment_file;
};

struct Reproduction {
  std::vector<SourceResult> sources;
  std::vector<Missing> missing;
};

/// Reads results and runs, computes everything. The same stored files give the
/// same result. Errors of read_published_folder, find_runs, load_experiment.
Reproduction reproduce(const ReproduceOptions& options);

Json reproduction_json(const Reproduction& reproduction);

}  // namespace fer
