// A run folder as training leaves it, small and always the same.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/temporary_folder.h"
#include "metrics/predictions.h"

namespace fer {

struct RunFixture {
  std::vector<std::string> classes = {"happy", "sad"};
  int epochs = 24;
  size_t images = 1798;  ///< of each scored split
  bool leaky = true;
};

/// Writes every input of the report into `folder` (made when missing). The
/// best epoch of a run with 24 epochs is 13, in history.csv and best.json.
void write_run_fixture(const std::filesystem::path& folder,
                       const RunFixture& fixture = {});

/// Scores and labels drawn from a fixed stream, right about nine times in ten.
Predictions fixture_predictions(const RunFixture& fixture, uint64_t seed);

}  // namespace fer
