#include <fmt/core.h>

#include <map>

#include "core/text.h"
#include "deploy/validate.h"
#include "metrics/proportion.h"

namespace fer {
namespace {

const char* meaning(const std::string& stage) {
  static const std::map<std::string, const char*> meanings = {
      {"read", "picture read"},       {"face", "face found"},
      {"clear", "confident enough"},  {"emotion", "emotion right"},
      {"genre", "right genre asked"}, {"mood", "songs of the right mood"}};
  return meanings.at(stage);
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string count_or_blank(int64_t n) { return n ? std::to_string(n) : ""; }

std::vector<std::string> row_of(const Stage& stage) {
  if (stage.of == 0) return {meaning(stage.name), "0", "0", "", "", "", ""};
  const Interval interval = wilson_interval(stage.kept, stage.of);
  return {
      meaning(stage.name),
      std::to_string(stage.kept),
      std::to_string(stage.of),
      percent(static_cast<double>(stage.kept) / static_cast<double>(stage.of)),
      fmt::format("{:.1f} to {:.1f}", 100 * interval.low, 100 * interval.high),
      count_or_blank(stage.lost),
      count_or_blank(stage.gained)};
}

Json stage_json(const Stage& stage) {
  Json json = {{"stage", stage.name}, {"kept", stage.kept}, {"of", stage.of}};
  if (stage.of > 0) {
    const Interval interval = wilson_interval(stage.kept, stage.of);
    json["share"] =
        static_cast<double>(stage.kept) / static_cast<double>(stage.of);
    json["interval"] = {interval.low, interval.high};
  } else {
    json["share"] = json["interval"] = nullptr;
  }
  json["lost"] = stage.lost;
  json["gained"] = stage.gained;
  return json;
}

}  // namespace

Json validation_json(const Validation& validation) {
  Json stages = Json::array(), classes = Json::object();
  for (const Stage& stage : validation.stages)
    stages.push_back(stage_json(stage));
  for (const ClassResult& one : validation.classes)
    classes[one.name] = {
        {"pictures", one.pictures}, {"face", one.face}, {"right", one.right}};
  return {
      {"policy", validation.policy},
      {"pictures", validation.given},
      {"left_out", validation.left_out},
      {"stages", std::move(stages)},
      {"classes", std::move(classes)},
      {"unreadable", validation.unreadable},
      {"notes", validation.notes},
      {"milliseconds",
       {{"search", validation.search_ms}, {"network", validation.network_ms}}}};
}

std::string validation_text(const Validation& validation) {
  std::string text;
  if (validation.left_out > 0)
    text += fmt::format(
        "{} of {} pictures show an emotion that the model does not know: left "
        "out\n",
        validation.left_out, validation.given);
  std::vector<std::vector<std::string>> rows = {
      {"stage", "kept", "of", "share", "95 % interval", "lost", "regained"}};
  for (const Stage& stage : validation.stages) rows.push_back(row_of(stage));
  text += format_table(rows) + "\n";
  rows = {{"emotion", "pictures", "face found", "right"}};
  for (const ClassResult& one : validation.classes)
    rows.push_back({one.name, std::to_string(one.pictures),
                    std::to_string(one.face), std::to_string(one.right)});
  text += format_table(rows);
  text += fmt::format(
      "policy {}; median of a picture: {:.1f} ms search, {:.1f} ms network\n",
      validation.policy, validation.search_ms, validation.network_ms);
  for (const std::string& line : validation.unreadable)
    text += "unreadable: " + line + "\n";
  for (const std::string& note : validation.notes)
    text += "note: " + note + "\n";
  return text;
}

}  // namespace fer
