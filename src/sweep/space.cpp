#include "sweep/space.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "config/describe.h"
#include "config/scalar.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

using Kind = Dimension::Kind;
using ValueKind = SettingInfo::Kind;

constexpr std::pair<const char*, Kind> kForms[] = {
    {"choice", Kind::kChoice},
    {"uniform", Kind::kUniform},
    {"log_uniform", Kind::kLogUniform},
    {"int", Kind::kInteger}};

// The description of a dotted setting; else null, with a fault that names the
// nearest one.
const SettingInfo* find_setting(const YamlEntry& entry, Faults& faults) {
  const SettingInfo* info = &config_info();
  std::string prefix;
  for (const std::string& part : split(entry.key, '.')) {
    const SettingInfo* child = info->child(part);
    if (!child) {
      const auto names = info->child_names();
      const std::string hint = suggestion(part, names, prefix);
      faults.add(entry.where, entry.key,
                 fmt::format("{} is not a setting{}", entry.key,
                             !hint.empty() ? hint
                             : names.empty()
                                 ? "."
                                 : "; there are " + join(names, ", ") + "."));
      return nullptr;
    }
    prefix += part + ".";
    info = child;
  }
  return info;
}

void check_scalar(const YamlNode& node, const SettingInfo& info, ValueKind kind,
                  const std::string& key, Faults& faults) {
  try {
    read_scalar(node, info, kind);
  } catch (const ConfigError& error) {
    faults.add(node.where, key, key + ": " + error.what());
  }
}

// Lists, maps and parts are checked with each trial as a whole.
void check_choice(const YamlNode& node, const SettingInfo& info,
                  const std::string& key, Faults& faults) {
  const bool whole = info.kind == ValueKind::kList ||
                     info.kind == ValueKind::kMap ||
                     info.kind == ValueKind::kSection;
  const bool off = info.optional && node.is(YamlNode::Kind::kNull);
  if (!whole && !off) check_scalar(node, info, info.kind, key, faults);
}

void read_choices(const YamlNode& node, const SettingInfo& info,
                  Dimension& dimension, Faults& faults) {
  if (!node.is(YamlNode::Kind::kList) || node.items.empty()) {
    faults.add(node.where, dimension.setting,
               fmt::format("{}: expected a list of values; got {}. Write "
                           "[a, b].",
                           dimension.setting,
                           node.items.empty() && node.is(YamlNode::Kind::kList)
                               ? "an empty one"
                               : describe_node(node)));
    return;
  }
  for (const YamlNode& item : node.items) {
    check_choice(item, info, dimension.setting, faults);
    std::string text = flow_text(item);
    if (std::ranges::count(dimension.choices, text) > 0) {
      faults.add(item.where, dimension.setting,
                 fmt::format("{}: names {} twice. Keep one.", dimension.setting,
                             text));
    }
    dimension.choices.push_back(std::move(text));
  }
}

// The fault of a form that does not fit the type of its setting, or "".
std::string wrong_form(Kind kind, const SettingInfo& info) {
  const bool integer = info.kind == ValueKind::kInteger;
  if (kind == Kind::kInteger)
    return integer ? "" : "int is for integers. Write a list of values.";
  if (info.kind == ValueKind::kNumber) return "";
  return integer ? "it is an integer. Write int: [low, high] or a list."
                 : "a range is for numbers. Write a list of values.";
}

void read_bounds(const YamlNode& node, const SettingInfo& info,
                 Dimension& dimension, Faults& faults) {
  const std::string& key = dimension.setting;
  const auto add = [&](const std::string& text) {
    faults.add(node.where, key, key + ": " + text);
  };
  if (const std::string fault = wrong_form(dimension.kind, info);
      !fault.empty()) {
    add(fault);
    return;
  }
  if (!node.is(YamlNode::Kind::kList) || node.items.size() != 2) {
    add("expected [low, high]; got " + describe_node(node) + ".");
    return;
  }
  const size_t before = faults.count();
  for (const YamlNode& item : node.items)
    check_scalar(item, info, info.kind, key, faults);
  if (faults.count() > before) return;
  dimension.low = read_scalar(node.items[0], info, info.kind).get<double>();
  dimension.high = read_scalar(node.items[1], info, info.kind).get<double>();
  if (dimension.low >= dimension.high) {
    add(fmt::format("expected low < high; got [{}, {}].", dimension.low,
                    dimension.high));
  } else if (dimension.kind == Kind::kLogUniform && dimension.low <= 0) {
    add(fmt::format("log_uniform needs bounds above 0; got {}.",
                    dimension.low));
  }
}

// {uniform: [0, 1]}: the form and what it is given.
void read_form(const YamlNode& node, const SettingInfo& info,
               Dimension& dimension, Faults& faults) {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kForms) names.emplace_back(name);
  if (!node.is(YamlNode::Kind::kMap) || node.entries.size() != 1) {
    faults.add(node.where, dimension.setting,
               fmt::format("{}: expected a list, or one of {}; got {}.",
                           dimension.setting, alternatives(names),
                           describe_node(node)));
    return;
  }
  const YamlEntry& entry = node.entries.front();
  const auto form = std::ranges::find(
      kForms, entry.key, [](const auto& f) { return std::string(f.first); });
  if (form == std::end(kForms)) {
    const std::string hint = suggestion(entry.key, names);
    faults.add(entry.where, dimension.setting,
               fmt::format("{}: expected {}; got {}{}", dimension.setting,
                           alternatives(names), in_quotes(entry.key),
                           hint.empty() ? "." : hint));
    return;
  }
  dimension.kind = form->second;
  if (dimension.kind == Kind::kChoice) {
    read_choices(entry.value, info, dimension, faults);
  } else {
    read_bounds(entry.value, info, dimension, faults);
  }
}

bool plain_in_flow(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '+' || c == '_' ||
           c == '/';
  });
}

}  // namespace

std::string refused_setting(const std::string& setting) {
  const auto is = [&](const std::string& name) {
    return setting == name || setting.starts_with(name + ".");
  };
  if (is("experiment.seed") || is("experiment.seeds")) {
    return "the best of several seeds is luck, not a better setting. Run the "
           "winner with --seeds.";
  }
  if (is("experiment")) return "it names runs. A sweep names its own.";
  if (is("evaluate")) {
    return "it says how a trained model is scored, on the test split too; "
           "trials are chosen by validation alone.";
  }
  const bool kept =
      is("data.image_size") || is("data.channels") || is("data.split.upsample");
  if (is("data") && !kept) {
    return "trials with other data cannot be compared. Of data only "
           "image_size, channels and split.upsample may vary.";
  }
  if (is("train.threads") || is("train.device"))
    return "it changes the speed alone. Use --jobs and --device.";
  return "";
}

std::string flow_text(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "null";
    case YamlNode::Kind::kScalar:
      return node.plain && plain_in_flow(node.text) ? node.text
                                                    : Json(node.text).dump();
    default:
      break;
  }
  std::vector<std::string> parts;
  for (const YamlNode& item : node.items) parts.push_back(flow_text(item));
  for (const YamlEntry& entry : node.entries)
    parts.push_back(Json(entry.key).dump() + ": " + flow_text(entry.value));
  const bool list = node.is(YamlNode::Kind::kList);
  return (list ? "[" : "{") + join(parts, ", ") + (list ? "]" : "}");
}

std::vector<Dimension> read_space(const YamlNode& node, Faults& faults) {
  std::vector<Dimension> space;
  if (!node.is(YamlNode::Kind::kMap) || node.entries.empty()) {
    faults.add(node.where, "space",
               "space: expected settings and what they may be; got " +
                   describe_node(node) + ". Write train.batch_size: [32, 64].");
    return space;
  }
  for (const YamlEntry& entry : node.entries) {
    const SettingInfo* info = find_setting(entry, faults);
    if (!info) continue;
    if (const std::string reason = refused_setting(entry.key);
        !reason.empty()) {
      faults.add(entry.where, entry.key,
                 fmt::format("{} cannot be in a sweep's space: {}", entry.key,
                             reason));
      continue;
    }
    Dimension dimension{entry.key, entry.where};
    if (entry.value.is(YamlNode::Kind::kList)) {
      read_choices(entry.value, *info, dimension, faults);
    } else {
      read_form(entry.value, *info, dimension, faults);
    }
    space.push_back(std::move(dimension));
  }
  return space;
}

}  // namespace fer
