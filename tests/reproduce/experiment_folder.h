// Small run folders of chosen scores, for tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "metrics/predictions.h"

namespace fer {

/// Counts of class 1 (sad) against class 0 (happy); each row has an id of its
/// own, the same ones in every run of equal sizes.
struct FolderCounts {
  int tp = 90, fp = 10, fn = 10, tn = 90;
};

struct ExperimentFolder {
  std::string name = "report-fernet";
  int seed = 42;
  FolderCounts test, val;
  std::vector<std::string> classes = {"happy", "sad"};
  double leaky_share = 0.375;
};

Predictions predictions_of(const FolderCounts& counts,
                           const std::vector<std::string>& classes = {"happy",
                                                                      "sad"});

/// Writes config.yaml, history.csv (val_accuracy .5, .9, .4, .8), audit.json,
/// metrics.json and predictions of val and test.
void write_experiment(const std::filesystem::path& folder,
                      const ExperimentFolder& what = {});

/// Writes metrics.json anew from the predictions.
void score_again(const std::filesystem::path& folder,
                 const ExperimentFolder& what = {});

}  // namespace fer
