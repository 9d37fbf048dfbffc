// group.json and its tables.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "stats/seeds.h"
#include "sweep/seed_group.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSplits[] = {"test", "val"};
constexpr std::pair<const char*, const char*> kScores[] = {
    {"accuracy", "accuracy"}, {"macro_f1", "macro F1"}, {"auc", "AUC"}};
constexpr size_t kShownRuns = 8;

struct Scored {
  std::string name;
  Json metrics;
};

std::string name_of(const fs::path& folder) {
  const bool joined = folder.filename() == "out_of_fold";
  return (joined ? folder.parent_path() : folder).filename().string();
}

bool is_finished(const SeedGroup& group, const fs::path& folder) {
  if (group.folds > 0) return fs::exists(folder / "metrics.json");
  for (const Member& member : group.members) {
    if (member.run_dir == folder) return member.state == MemberState::kDone;
  }
  return false;
}

std::vector<Scored> read_scored(const SeedGroup& group) {
  std::vector<Scored> scored;
  for (const fs::path& folder : group.scored()) {
    if (is_finished(group, folder))
      scored.push_back({name_of(folder), read_json(folder / "metrics.json")});
  }
  return scored;
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

// Null when one of the runs has no such score.
Json summary_of(const std::vector<Scored>& scored, const std::string& split,
                const std::string& score) {
  std::vector<double> values;
  for (const Scored& run : scored) {
    const Json& all = run.metrics.at(split);
    if (!all.contains(score) || !all.at(score).is_number()) return nullptr;
    values.push_back(all.at(score).get<double>());
  }
  const SeedSummary summary = summarise(values);
  return {{"n", summary.n},
          {"mean", summary.mean},
          {"std", number(summary.std)},
          {"interval",
           {number(summary.interval.low), number(summary.interval.high)}},
          {"values", values}};
}

Json split_summary(const std::vector<Scored>& scored,
                   const std::string& split) {
  Json json = {{"n", scored.front().metrics.at(split).at("n")},
               {"of", Json::array()}};
  for (const Scored& run : scored) json["of"].push_back(run.name);
  for (const auto& [score, title] : kScores) {
    Json summary = summary_of(scored, split, score);
    if (!summary.is_null()) json[score] = std::move(summary);
  }
  return json;
}

Json members_json(const SeedGroup& group) {
  Json members = Json::array();
  for (const Member& member : group.members) {
    Json json = {{"name", member.name},
                 {"seed", member.config.experiment.seed},
                 {"state", word(member.state)},
                 {"epochs", member.progress.epoch},
                 {"seconds", member.progress.seconds}};
    if (!member.fault.empty()) json["fault"] = member.fault;
    members.push_back(std::move(json));
  }
  return members;
}

std::string value_text(const Json& value) {
  return value.is_number() ? fmt::format("{:.4f}", value.get<double>()) : "-";
}

std::vector<std::string> score_cells(const Json& summary, const char* title,
                                     bool each) {
  const Json& interval = summary.at("interval");
  std::vector<std::string> cells = {title, value_text(summary.at("mean")),
                                    value_text(summary.at("std")), "-"};
  if (interval.at(0).is_number()) {
    cells.back() =
        value_text(interval.at(0)) + " to " + value_text(interval.at(1));
  }
  for (const Json& value : summary.at("values")) {
    if (each) cells.push_back(value_text(value));
  }
  return cells;
}

std::string split_text(const Json& group, const std::string& split) {
  const Json& summary = group.at("summary").at(split);
  const Json& of = summary.at("of");
  const bool each = of.size() <= kShownRuns;
  std::vector<std::vector<std::string>> rows = {
      {"", "mean", "std", "95 % interval"}};
  for (const Json& name : of) {
    if (each) rows[0].push_back(name.get<std::string>());
  }
  for (const auto& [score, title] : kScores) {
    if (summary.contains(score))
      rows.push_back(score_cells(summary.at(score), title, each));
  }
  return fmt::format("\n{} split, {} images, {} run{}\n\n{}", split,
                     summary.at("n").get<int64_t>(), of.size(),
                     of.size() == 1 ? "" : "s", format_table(rows));
}

std::string origin_text(const Json& group) {
  std::string text =
      fmt::format("\nprotocol: {}", group.value("protocol", "unknown"));
  if (group.value("leaky", false)) {
    text += fmt::format(
        "; leaky: {:.1f} % of the test images have a copy in training",
        100 * group.value("leaky_share", 0.0));
  }
  return text + "\n";
}

}  // namespace

Json group_json(const SeedGroup& group) {
  Json json = {{"experiment", group.name},
               {"seeds", group.seeds},
               {"folds", group.folds > 0 ? Json(group.folds) : Json(nullptr)},
               {"members", members_json(group)},
               {"summary", Json::object()}};
  const std::vector<Scored> scored = read_scored(group);
  if (scored.empty()) return json;
  for (const char* key : {"protocol", "leaky", "leaky_share"}) {
    if (scored.front().metrics.contains(key))
      json[key] = scored.front().metrics.at(key);
  }
  for (const char* split : kSplits) {
    const bool everywhere = std::ranges::all_of(
        scored, [&](const Scored& run) { return run.metrics.contains(split); });
    if (everywhere) json["summary"][split] = split_summary(scored, split);
  }
  return json;
}

std::string group_text(const Json& group) {
  std::string text;
  for (const char* split : {"val", "test"}) {
    if (group.at("summary").contains(split)) text += split_text(group, split);
  }
  return text.empty() ? "" : text + origin_text(group);
}

}  // namespace fer
