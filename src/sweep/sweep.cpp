#include "sweep/sweep.h"

#include <algorithm>
#include <numeric>

#include "config/config.h"
#include "config/metric_direction.h"
#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

std::string trial_text(const TrialSettings& trial) {
  std::string text;
  for (const auto& [setting, value] : trial)
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", setting, value);
  return text;
}

}  // namespace

Sweep::Sweep(SweepPlan plan, std::vector<std::string> overrides,
             fs::path folder)
    : plan_(std::move(plan)),
      overrides_(std::move(overrides)),
      folder_(std::move(folder)),
      base_(load_config(plan_.config.experiment, overrides_).config),
      direction_(metric_direction(plan_.config.metric).value()),
      rungs_(make_rungs(plan_.trials.size(), base_.train.epochs,
                        plan_.config.halving)),
      rung_(plan_.trials.size(), 0) {
  if (folder_.empty()) folder_ = base_.experiment.runs / plan_.config.name;
  check_same_trials();
  make_members();
}

void Sweep::make_members() {
  for (size_t i = 0; i < plan_.trials.size(); ++i) {
    std::vector<std::string> settings = overrides_;
    // A trial is one run: it must not become a group of seeds or folds.
    settings.insert(settings.end(),
                    {"experiment.seeds=[]", "evaluate.splits=[val]"});
    if (base_.data.split.protocol == Protocol::kKfold)
      settings.push_back(
          fmt::format("data.split.fold={}", base_.data.split.fold));
    for (const auto& [setting, value] : plan_.trials[i])
      settings.push_back(setting + "=" + value);
    const std::string name = fmt::format("trial-{:03}", i);
    try {
      members_.push_back({name, folder_ / name,
                          load_config(plan_.config.experiment, settings).config,
                          std::move(settings)});
    } catch (const ConfigError& error) {
      fail<ConfigError>("{}\n({} of the sweep {}: {})", error.what(), name,
                        plan_.config.name, trial_text(plan_.trials[i]));
    }
    look_at(members_.back(), plan_.config.metric);
  }
  const auto other = std::ranges::find_if(members_, [&](const Member& member) {
    return member.config.train.epochs != base_.train.epochs;
  });
  if (plan_.config.halving && other != members_.end()) {
    fail<ConfigError>(
        "[sweep] expected one train.epochs for all trials under halving; got "
        "{} and {}. Take it out of space, or write halving: null.",
        base_.train.epochs, other->config.train.epochs);
  }
}

// Trials are numbers in a file: they must be the same ones when it goes on.
void Sweep::check_same_trials() const {
  const fs::path path = folder_ / "sweep.csv";
  if (!fs::exists(path)) return;
  const CsvTable table = read_csv(path);
  const auto refuse = [&](const std::string& what) {
    fail<ConfigError>(
        "[sweep] expected the trials that the sweep began with; got {} ({}). "
        "Give the sweep another name, or put space and seed back.",
        what, path.string());
  };
  if (table.rows.size() > plan_.trials.size())
    refuse(fmt::format("{} instead of {}", plan_.trials.size(),
                       table.rows.size()));
  for (size_t i = 0; i < table.rows.size(); ++i) {
    for (const auto& [setting, value] : plan_.trials[i]) {
      const auto column = std::ranges::find(table.columns, setting);
      if (column == table.columns.end()) refuse("a new setting, " + setting);
      const auto index = static_cast<size_t>(column - table.columns.begin());
      if (table.rows[i][index] != value)
        refuse(fmt::format("{} = {} in trial {} instead of {}", setting, value,
                           i, table.rows[i][index]));
    }
  }
}

std::optional<double> Sweep::value_at(size_t trial, int epochs) const {
  const Member& member = members_[trial];
  return read_run_state(member.run_dir, member.config, plan_.config.metric,
                        epochs)
      .best;
}

// Those of `trials` that go on behind `rung`.
std::vector<size_t> Sweep::survivors(const std::vector<size_t>& trials,
                                     size_t rung) const {
  std::vector<std::optional<double>> values(members_.size());
  std::vector<size_t> alive;
  for (const size_t i : trials) {
    if (members_[i].state == MemberState::kFailed) continue;
    values[i] = value_at(i, rungs_[rung].epochs);
    alive.push_back(i);
  }
  alive = ranked(values, std::move(alive), direction_);
  alive.resize(std::min(alive.size(), rungs_[rung + 1].trials));
  std::ranges::sort(alive);
  return alive;
}

bool Sweep::run(MemberRunner& runner) {
  std::vector<size_t> trials(members_.size());
  std::iota(trials.begin(), trials.end(), size_t{0});
  write_csv();
  for (size_t rung = 0; rung < rungs_.size(); ++rung) {
    const bool last = rung + 1 == rungs_.size();
    if (!runner.run(members_, trials, last ? 0 : rungs_[rung].epochs))
      return false;
    if (std::ranges::any_of(trials, [&](size_t i) {
          return members_[i].state == MemberState::kInterrupted;
        }))
      return false;  // a rung is decided once all have come to it
    for (const size_t i : trials) {
      if (members_[i].state != MemberState::kFailed) rung_[i] = rung + 1;
    }
    if (last) break;
    const std::vector<size_t> next = survivors(trials, rung);
    for (const size_t i : trials) {
      Member& member = members_[i];
      const bool goes_on = std::ranges::count(next, i) > 0;
      if (!goes_on && member.state != MemberState::kFailed)
        member.state = MemberState::kDropped;
    }
    trials = next;
    write_csv();
  }
  write_csv();
  return true;
}

void Sweep::write_csv() const {
  std::vector<std::string> head = {
      "trial", "state",   "rung", "epochs", plan_.config.metric,
      "epoch", "seconds", "fault"};
  for (const Dimension& dimension : plan_.space)
    head.push_back(dimension.setting);
  std::string text = csv_line(head) + "\n";
  for (size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    const RunState& state = member.progress;
    std::vector<std::string> row = {
        member.name,
        word(member.state),
        std::to_string(rung_[i]),
        std::to_string(state.epoch),
        state.best ? csv_number(*state.best) : "",
        state.best ? std::to_string(state.best_epoch) : "",
        csv_number(state.seconds),
        member.fault};
    for (const auto& [setting, value] : plan_.trials[i]) row.push_back(value);
    text += csv_line(row) + "\n";
  }
  write_file(folder_ / "sweep.csv", text);
}

// How far a trial has come counts before its value.
std::vector<size_t> Sweep::ranking() const {
  std::vector<size_t> order;
  for (size_t rung = rungs_.size(); rung > 0; --rung) {
    std::vector<size_t> same;
    std::vector<std::optional<double>> values(members_.size());
    for (size_t i = 0; i < members_.size(); ++i) {
      if (rung_[i] != rung) continue;
      values[i] = members_[i].progress.best;
      same.push_back(i);
    }
    const std::vector<size_t> best = ranked(values, same, direction_);
    order.insert(order.end(), best.begin(), best.end());
  }
  return order;
}

std::vector<Effect> Sweep::effects() const {
  std::vector<std::optional<double>> values(members_.size());
  for (size_t i = 0; i < members_.size(); ++i) {
    if (rung_[i] > 0) values[i] = value_at(i, rungs_.front().epochs);
  }
  return setting_effects(plan_.space, plan_.trials, values, direction_);
}

}  // namespace fer
