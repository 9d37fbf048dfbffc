#include "sweep/sweep_plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "config/bind.h"
#include "config/extends.h"
#include "config/metric_direction.h"
#include "config/scalar.h"
#include "core/error.h"
#include "core/text.h"
#include "sweep/draw.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSpace = "space";

const SettingInfo& sweep_info() {
  static const SettingInfo info = bind::describe_type<SweepConfig>();
  return info;
}

void add_unknown(const YamlEntry& entry, const SettingInfo& section,
                 const std::string& prefix, Faults& faults) {
  std::vector<std::string> names = section.child_names();
  if (prefix.empty()) names.emplace_back(kSpace);
  const std::string hint = suggestion(entry.key, names, prefix);
  faults.add(entry.where, prefix + entry.key,
             fmt::format("{}{} is no part of a sweep{}", prefix, entry.key,
                         hint.empty() ? "; there are " + join(names, ", ") + "."
                                      : hint));
}

Json read_section(const YamlNode& node, const SettingInfo& section,
                  const std::string& prefix, Faults& faults);

Json read_value(const YamlNode& node, const SettingInfo& info,
                const std::string& key, Faults& faults) {
  if (info.optional && node.is(YamlNode::Kind::kNull)) return nullptr;
  if (info.kind == SettingInfo::Kind::kSection)
    return read_section(node, info, key + ".", faults);
  try {
    return read_scalar(node, info, info.kind);
  } catch (const ConfigError& error) {
    faults.add(node.where, key, key + ": " + error.what());
    return info.value;
  }
}

Json read_section(const YamlNode& node, const SettingInfo& section,
                  const std::string& prefix, Faults& faults) {
  Json object = section_defaults(section);
  if (!node.is(YamlNode::Kind::kMap)) {
    faults.add(
        node.where, prefix,
        fmt::format("{}: expected a map of settings; got {}.",
                    prefix.substr(0, prefix.size() - 1), describe_node(node)));
    return object;
  }
  for (const YamlEntry& entry : node.entries) {
    const SettingInfo* info = section.child(entry.key);
    if (info) {
      object[entry.key] =
          read_value(entry.value, *info, prefix + entry.key, faults);
    } else if (!prefix.empty() || entry.key != kSpace) {
      add_unknown(entry, section, prefix, faults);
    }
  }
  return object;
}

std::string place(const YamlNode& root, const char* key) {
  const YamlEntry* entry = root.find(key);
  return entry ? entry->value.where : root.where;
}

void check_metric(const YamlNode& root, const std::string& metric,
                  Faults& faults) {
  std::vector<std::string> known;
  for (const std::string& name : monitorable_metrics()) {
    if (name.starts_with("val_")) known.push_back(name);
  }
  if (std::ranges::count(known, metric) > 0) return;
  std::string reason = suggestion(metric, known);
  if (metric.starts_with("test")) {
    reason =
        ": trials chosen on the test split would make its score worthless.";
  } else if (metric.starts_with("train")) {
    reason =
        ": how well a model knows its training images does not say "
        "which setting is better.";
  } else if (reason.empty()) {
    reason = ".";
  }
  faults.add(place(root, "metric"), "metric",
             fmt::format("metric: expected {}; got {}{}", alternatives(known),
                         in_quotes(metric), reason));
}

void check_names(const YamlNode& root, const SweepConfig& config,
                 Faults& faults) {
  if (config.experiment.empty()) {
    faults.add(place(root, "experiment"), "experiment",
               "experiment: expected the path of an experiment file, from the "
               "folder of this file; got none.");
  }
  if (config.name.find_first_of("/\\") != std::string::npos ||
      config.name.starts_with('.')) {
    faults.add(place(root, "name"), "name",
               fmt::format("name: {} cannot name a folder. Use letters, "
                           "digits, - and _.",
                           in_quotes(config.name)));
  }
}

}  // namespace

SweepPlan load_sweep(const fs::path& path) {
  Faults faults;
  const YamlNode root = ExtendingLoader(faults).load(path);
  faults.raise();
  SweepPlan plan;
  bind::from_json(read_section(root, sweep_info(), "", faults), plan.config);
  check_metric(root, plan.config.metric, faults);
  check_names(root, plan.config, faults);
  const YamlEntry* space = root.find(kSpace);
  plan.space = read_space(
      space ? space->value
            : YamlNode{YamlNode::Kind::kNull, root.where, "", true, {}, {}},
      faults);
  faults.raise();
  if (plan.config.name.empty()) plan.config.name = path.stem().string();
  plan.config.experiment =
      (path.parent_path() / plan.config.experiment).lexically_normal();
  plan.trials = draw_trials(plan.config, plan.space);
  return plan;
}

}  // namespace fer
