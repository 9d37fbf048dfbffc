// The report's other faults, each shown for what it changes, with numbers from
// the stored runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reproduce/stored_runs.h"

namespace fer {

/// One fault: what it is, a table of what it changes (head first; only a head
/// means not run), and the commands that would fill what is missing.
struct ReportFault {
  std::string title;
  std::vector<std::string> text;  ///< paragraphs
  std::vector<std::vector<std::string>> table;
  std::vector<std::string> commands;
};

/// A model's runs for this purpose.
struct FaultInput {
  std::string title, positive, report_file;
  const ExperimentRuns* report = nullptr;
  /// nullptr: a model whose training keeps no checkpoint.
  const ExperimentRuns* wrong_direction = nullptr;
};

/// mode='min' on an accuracy: the epoch it keeps against the best one.
ReportFault checkpoint_direction(const std::vector<FaultInput>& models);

/// AUC of decisions, as published, against AUC of scores.
ReportFault hard_label_auc(const std::vector<FaultInput>& models);

/// Test rows that stand in training.
ReportFault leaking_split(const std::vector<FaultInput>& models);

/// Cluster 0 is called cheerful, whichever songs it holds. `file`: what
/// `ferbench songs clusters --json` printed (docs/songs.md); where it is not
/// there the numbers are "not run". DataError for a file that is something
/// else.
ReportFault arbitrary_clusters(const std::filesystem::path& file);

}  // namespace fer
