// One side of a comparison: a run folder, or a folder of runs that differ in
// their seed alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "metrics/predictions.h"

namespace fer {

struct CompareEntry {
  std::string name;  ///< "fernet-tuned / seed-42"; a group: "fernet-tuned"
  std::filesystem::path path;                  ///< as it was given
  std::vector<std::filesystem::path> folders;  ///< one run folder per seed
  std::vector<Predictions> predictions;        ///< one table per seed
  std::string protocol;
  bool leaky = false;
  std::optional<double> leaky_share;  ///< of the test images, 0 to 1
  std::string positive_class;  ///< of metrics.json; "" where there is none
  double zero_division = 0;
  Json audit;
  std::vector<std::string> notes;  ///< what a reader must know about it

  size_t seeds() const { return predictions.size(); }
};

/// The name with its mark: "fernet (leaky 37.5 %)". Every line about the
/// entry says it this way.
std::string marked_name(const CompareEntry& entry);

/// Reads predictions-<split>.csv and metrics.json of a run folder, or of each
/// seed-*/ in a folder of runs; a folder with out_of_fold/ stands for that.
/// A seed folder without predictions is left out and noted. DataError for
/// - a folder that holds neither a run nor runs, or no predictions of `split`;
/// - one seed twice, seeds of several protocols, or no protocol;
/// - predictions whose SHA-256 is no longer the one that metrics.json was
///   scored from.
CompareEntry read_entry(const std::filesystem::path& path,
                        const std::string& split);

}  // namespace fer
