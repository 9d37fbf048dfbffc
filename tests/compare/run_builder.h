// Small run folders with predictions that a test makes up.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compare/lineup.h"
#include "core/json.h"
#include "core/temporary_folder.h"
#include "metrics/predictions.h"

namespace fer {

struct RunSettings {
  std::string protocol = "random";
  std::string split = "test";
  double leaky_share = 0;  ///< above 0: the run is leaky
  Json audit = Json::object();
};

/// Predictions from labels and one row of probabilities per image; predicted is
/// the likeliest class, ids "img-0", "img-1", ... unless given.
Predictions table(const std::vector<std::string>& classes,
                  const std::vector<int64_t>& labels,
                  const std::vector<std::vector<double>>& probabilities,
                  std::vector<std::string> ids = {});

/// Two classes, happy and sad, labels 0, 1, 0, 1, ...: one letter per image,
/// '+' right with probability 0.9, '-' wrong with probability 0.8.
Predictions marks(const std::string& pattern);

/// n images of marks(): both right, only a, only b, both wrong, in this order.
struct MarkedPair {
  Predictions a, b;
};
MarkedPair marked_pair(size_t both, size_t only_a, size_t only_b,
                       size_t neither);

/// config.yaml, metrics.json and predictions-<split>.csv as a run leaves them.
void write_run(const std::filesystem::path& folder,
               const Predictions& predictions,
               const RunSettings& settings = {});

/// A lineup of single runs "a", "b", "c", ... written below `folder`.
Lineup lineup_of(const TemporaryFolder& folder,
                 const std::vector<Predictions>& runs,
                 const RunSettings& settings = {});

}  // namespace fer
