// What an experiment is called and where its runs go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "config/field.h"

namespace fer {

struct ExperimentConfig {
  std::string name;
  std::string description;
  int64_t seed = 42;
  std::vector<int64_t> seeds;
  std::filesystem::path runs = "runs";
  std::filesystem::path results = "results";

  static constexpr auto fields() {
    using C = ExperimentConfig;
    return std::tuple(
        field("name", &C::name, "Name of the experiment and of its run folder"),
        field("description", &C::description, "What it shows, in a sentence"),
        field("seed", &C::seed, "Seed of every random number but the split's")
            .at_least(0)
            .at_most(4294967295.0),
        field("seeds", &C::seeds,
              "One run with each of these seeds; empty: one run with seed")
            .at_least(0)
            .at_most(4294967295.0),
        field("runs", &C::runs, "Folder that holds the run folders"),
        field("results", &C::results,
              "Folder of the test ledger and the leaderboard"));
  }
};

}  // namespace fer
