// What a person, or a program, reads of a sweep.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "core/text.h"
#include "sweep/sweep.h"

namespace fer {
namespace {

constexpr size_t kShownTrials = 10;

// As one word for a shell.
std::string shell_word(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) ||
           std::string("._-+=/:,").find(static_cast<char>(c)) !=
               std::string::npos;
  });
  if (plain && !text.empty()) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string value_text(const RunState& state) {
  return state.best ? fmt::format("{:.4f}", *state.best) : "-";
}

Json trial_json(const Member& member, size_t rung,
                const TrialSettings& settings) {
  const RunState& state = member.progress;
  Json json = {{"trial", member.name},
               {"run", member.run_dir.string()},
               {"state", word(member.state)},
               {"rung", rung},
               {"epochs", state.epoch},
               {"value", state.best ? Json(*state.best) : Json(nullptr)},
               {"epoch", state.best_epoch},
               {"seconds", state.seconds},
               {"settings", Json::object()}};
  if (!member.fault.empty()) json["fault"] = member.fault;
  for (const auto& [setting, value] : settings)
    json["settings"][setting] = value;
  return json;
}

std::string effects_text(const std::vector<Effect>& effects, int epochs) {
  if (effects.empty()) return "\ntoo few trials to say which settings matter\n";
  std::vector<std::vector<std::string>> rows = {
      {"setting", "share", "the best quarter has"}};
  for (const Effect& effect : effects) {
    rows.push_back(
        {effect.setting, fmt::format("{:.2f}", effect.share), effect.best});
  }
  return fmt::format(
      "\nsettings that matter: share of the order of all trials at epoch {} "
      "that each explains\n\n{}",
      epochs, format_table(rows));
}

}  // namespace

std::string Sweep::next_command(size_t trial) const {
  std::vector<std::string> settings = overrides_;
  settings.push_back("experiment.name=" + plan_.config.name + "-best");
  for (const auto& [setting, value] : plan_.trials[trial])
    settings.push_back(setting + "=" + value);
  std::string command =
      "ferbench run " + shell_word(plan_.config.experiment.string());
  for (const std::string& setting : settings)
    command += " -s " + shell_word(setting);
  return command + " --seeds 5";
}

Json Sweep::json() const {
  Json trials = Json::array();
  for (size_t i = 0; i < members_.size(); ++i)
    trials.push_back(trial_json(members_[i], rung_[i], plan_.trials[i]));
  Json effects_list = Json::array();
  for (const Effect& effect : effects()) {
    effects_list.push_back({{"setting", effect.setting},
                            {"share", effect.share},
                            {"best", effect.best}});
  }
  Json rungs = Json::array();
  for (const Rung& rung : rungs_)
    rungs.push_back({{"epochs", rung.epochs}, {"trials", rung.trials}});
  const std::vector<size_t> order = ranking();
  return {{"sweep", plan_.config.name},
          {"experiment", plan_.config.experiment.string()},
          {"metric", plan_.config.metric},
          {"direction", word(direction_)},
          {"rungs", std::move(rungs)},
          {"trials", std::move(trials)},
          {"best",
           order.empty() ? Json(nullptr) : Json(members_[order.front()].name)},
          {"effects", std::move(effects_list)},
          {"next",
           order.empty() ? Json(nullptr) : Json(next_command(order.front()))}};
}

std::string Sweep::text() const {
  std::vector<std::vector<std::string>> rows = {
      {"trial", plan_.config.metric, "epoch", "epochs", "state"}};
  for (const Dimension& dimension : plan_.space)
    rows[0].push_back(dimension.setting);
  const std::vector<size_t> order = ranking();
  for (size_t k = 0; k < std::min(order.size(), kShownTrials); ++k) {
    const Member& member = members_[order[k]];
    rows.push_back({member.name, value_text(member.progress),
                    std::to_string(member.progress.best_epoch),
                    std::to_string(member.progress.epoch), word(member.state)});
    for (const auto& [setting, value] : plan_.trials[order[k]])
      rows.back().push_back(value);
  }
  std::string text = fmt::format(
      "\nsweep {}: {} trials, the best {} by {} ({} is better)\n\n{}",
      plan_.config.name, members_.size(), rows.size() - 1, plan_.config.metric,
      direction_ == Direction::kMin ? "lower" : "higher", format_table(rows));
  text += effects_text(effects(), rungs_.front().epochs);
  text += "\nall trials: " + (folder_ / "sweep.csv").string() + "\n";
  if (!order.empty()) text += "next:   " + next_command(order.front()) + "\n";
  return text;
}

std::string Sweep::plan_text() const {
  std::vector<std::vector<std::string>> rows = {{"trial"}};
  for (const Dimension& dimension : plan_.space)
    rows[0].push_back(dimension.setting);
  for (size_t i = 0; i < members_.size(); ++i) {
    rows.push_back({members_[i].name});
    for (const auto& [setting, value] : plan_.trials[i])
      rows.back().push_back(value);
  }
  std::string text = format_table(rows);
  for (const Rung& rung : rungs_) {
    text += fmt::format("{} trial{} to epoch {}\n", rung.trials,
                        rung.trials == 1 ? "" : "s", rung.epochs);
  }
  return text;
}

}  // namespace fer
