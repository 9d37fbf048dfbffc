// What a run left behind, read once: the input of every figure and table.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/csv.h"
#include "core/json.h"
#include "metrics/predictions.h"

namespace fer {

/// The files of a run folder (docs/run_folder.md). A file that is not there
/// leaves its member empty: "", null, nullopt or no entry.
struct RunFiles {
  std::filesystem::path path;
  std::string title;   ///< "fernet-tuned / seed-42", from the folder's name
  std::string config;  ///< text of config.yaml
  Json environment, audit, metrics;
  Json best, last;  ///< checkpoints/best.json, checkpoints/last.json
  std::optional<CsvTable> history;
  std::map<std::string, Predictions> predictions;  ///< by split
  std::map<std::string, Json> samples;             ///< by split

  /// Splits that have scores in metrics.json: test, val, train, then others.
  std::vector<std::string> scored_splits() const;

  /// Numbers of a column of history.csv, NaN for an empty field; empty when
  /// the file or the column is missing. DataError for what is no number.
  std::vector<double> history_column(std::string_view name) const;
};

/// The row of history.csv whose weights were kept.
struct BestEpoch {
  size_t row;       ///< from 0
  int epoch;        ///< from 1, as in the file
  std::string why;  ///< "checkpoints/best.json" or "highest val_accuracy"
};

/// From checkpoints/best.json; without it the highest val_accuracy, then the
/// lowest val_loss. Nothing without history.
std::optional<BestEpoch> best_epoch(const RunFiles& run);

/// Throws DataError when the folder is no run, or one of its files is damaged.
RunFiles read_run_files(const std::filesystem::path& run_dir);

/// Splits of a map, in the order people look at them.
std::vector<std::string> split_order(std::vector<std::string> names);

}  // namespace fer
