// A sweep file: many runs of one experiment with other settings. Its `space`,
// a map from settings to what they may be, is read by sweep/space.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>

#include "config/field.h"

namespace fer {

enum class SearchKind { kRandom, kGrid };
template <>
inline constexpr const char* kWords<SearchKind>[] = {"random", "grid"};

/// Successive halving: trials train to first_epoch, then the best 1/eta of them
/// to eta times as many epochs, and so on.
struct HalvingConfig {
  int first_epoch = 1;
  int eta = 3;

  static constexpr auto fields() {
    using C = HalvingConfig;
    return std::tuple(
        field("first_epoch", &C::first_epoch,
              "Epochs before the first comparison")
            .in(1, 100'000)
            .in_unit("epochs"),
        field("eta", &C::eta,
              "One in so many trials goes on, and for so many times the epochs")
            .in(2, 100));
  }
};

struct SweepConfig {
  std::string name;
  std::filesystem::path experiment;
  SearchKind search = SearchKind::kRandom;
  int trials = 20;
  int64_t seed = 1;
  std::string metric = "val_loss";
  std::optional<HalvingConfig> halving;

  static constexpr auto fields() {
    using C = SweepConfig;
    return std::tuple(
        field("name", &C::name,
              "Name of the sweep and of its folder; empty: the file's"),
        field("experiment", &C::experiment,
              "The experiment file, from the folder of the sweep file"),
        field("search", &C::search,
              "random draws trials; grid takes every combination of lists"),
        field("trials", &C::trials, "Number of trials (random)")
            .in(1, 10'000)
            .in_unit("trials"),
        field("seed", &C::seed, "Seed of the draws").at_least(0),
        field("metric", &C::metric,
              "What says which trial is better: val_loss or val_accuracy"),
        field("halving", &C::halving,
              "Stop hopeless trials early; null: every trial runs to its end"));
  }
};

}  // namespace fer
