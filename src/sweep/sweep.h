// A sweep: its trials, what has become of them, and what to do next.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "sweep/effects.h"
#include "sweep/halving.h"
#include "sweep/member_runner.h"
#include "sweep/sweep_plan.h"

namespace fer {

/// Trials are run folders <folder>/trial-000, ... Everything is recomputed from
/// them and from the plan, so that a sweep that was killed goes on where it
/// was. They score the validation split only: the test split stays unseen.
class Sweep {
 public:
  /// `overrides`: for the experiment of every trial. `folder` empty:
  /// <experiment.runs>/<name of the sweep>. Looks at what is there already.
  /// ConfigError when the settings of a trial contradict each other, or other
  /// trials stand in the folder's sweep.csv.
  Sweep(SweepPlan plan, std::vector<std::string> overrides,
        std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<Member>& members() const { return members_; }
  /// Of the trials, before they set anything.
  const Config& base() const { return base_; }

  /// Rung by rung; false when interrupted. A trial that fails is out.
  bool run(MemberRunner& runner);

  /// sweep.csv, whole: one row per trial. Call after each change.
  void write_csv() const;

  /// The same, and the best trial, the settings that matter, the next command.
  Json json() const;
  std::string text() const;
  /// The drawn trials, before anything has run.
  std::string plan_text() const;

 private:
  void make_members();
  void check_same_trials() const;
  std::optional<double> value_at(size_t trial, int epochs) const;
  std::vector<size_t> survivors(const std::vector<size_t>& trials,
                                size_t rung) const;
  std::vector<size_t> ranking() const;
  std::vector<Effect> effects() const;
  std::string next_command(size_t trial) const;

  SweepPlan plan_;
  std::vector<std::string> overrides_;
  std::filesystem::path folder_;
  Config base_;
  Direction direction_;
  std::vector<Rung> rungs_;
  std::vector<Member> members_;
  std::vector<size_t> rung_;  ///< per trial, those it has come to
};

}  // namespace fer
