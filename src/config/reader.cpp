#include "config/reader.h"

#include "config/environment.h"
#include "config/scalar.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {

using Kind = SettingInfo::Kind;

namespace {

/// Dotted names of all settings called `leaf`, wherever they stand.
void find_leaf(const SettingInfo& section, const std::string& prefix,
               const std::string& leaf, std::vector<std::string>& found) {
  for (const SettingInfo& info : section.children) {
    if (info.name == leaf) found.push_back(prefix + info.name);
    find_leaf(info, prefix + info.name + ".", leaf, found);
  }
}

/// What an unknown key may have been meant to be; dotted, or empty.
std::string meant(const std::string& key, const SettingInfo& section,
                  const std::string& prefix) {
  const std::string best = nearest(key, section.child_names());
  std::vector<std::string> elsewhere;
  find_leaf(config_info(), "", key, elsewhere);
  // The same word in another section beats a vague likeness in this one.
  if (!best.empty() && (elsewhere.empty() || edit_distance(key, best) < 2)) {
    return prefix + best;
  }
  return alternatives(elsewhere);
}

}  // namespace

std::string Reader::position(const std::string& key) const {
  const auto found = positions_.find(key);
  return found == positions_.end() ? "default" : found->second;
}

Json Reader::read(const YamlNode& root) {
  return read_section(root, config_info(), "");
}

Json Reader::default_value(const SettingInfo& info, const std::string& key) {
  if (info.kind == Kind::kSection && !info.value.is_null()) {
    Json object = Json::object();
    for (const SettingInfo& child : info.children) {
      object[child.name] = default_value(child, key + "." + child.name);
    }
    return object;
  }
  if (info.kind != Kind::kPath) return info.value;
  try {
    return expand_environment(info.value.get<std::string>());
  } catch (const ConfigError& error) {
    faults_.add("default", key, key + ": " + error.what());
    return info.value;
  }
}

void Reader::unknown(const YamlEntry& entry, const SettingInfo& section,
                     const std::string& prefix) {
  const std::string key = prefix + entry.key;
  std::string text = key + " is not a setting";
  if (entry.key == "<<") {
    text += ": YAML merge keys are not supported. Use extends.";
  } else if (entry.key.find('.') != std::string::npos) {
    text += ": dots work in -s only. Write one level a line, indented.";
  } else if (section.children.empty()) {
    text += ": there are none here.";
  } else if (const std::string best = meant(entry.key, section, prefix);
             !best.empty()) {
    text += "; did you mean " + best + "?";
    faults_.distrust(best);
  } else {
    text += "; there are " + join(section.child_names(), ", ") + ".";
  }
  faults_.add(entry.where, key, text);
}

Json Reader::read_section(const YamlNode& node, const SettingInfo& info,
                          const std::string& key) {
  const std::string prefix = key.empty() ? "" : key + ".";
  if (!node.is(YamlNode::Kind::kMap)) {
    faults_.add(node.where, key,
                fmt::format("{}{}expected a map of settings; got {}.", key,
                            key.empty() ? "" : ": ", describe_node(node)));
    return section_defaults(info);
  }
  for (const YamlEntry& entry : node.entries) {
    if (!info.child(entry.key)) unknown(entry, info, prefix);
  }
  Json object = Json::object();
  for (const SettingInfo& child : info.children) {
    const YamlEntry* entry = node.find(child.name);
    const std::string name = prefix + child.name;
    if (entry) positions_[name] = entry->value.where;
    object[child.name] = entry ? read_value(entry->value, child, name)
                               : default_value(child, name);
  }
  return object;
}

Json Reader::read_value(const YamlNode& node, const SettingInfo& info,
                        const std::string& key) {
  if (info.optional && node.is(YamlNode::Kind::kNull)) return nullptr;
  switch (info.kind) {
    case Kind::kSection:
      return read_section(node, info, key);
    case Kind::kList:
      return read_list(node, info, key);
    case Kind::kMap:
      return read_map(node, info, key);
    default:
      return read_one(node, info, info.kind, key, info.value);
  }
}

Json Reader::read_one(const YamlNode& node, const SettingInfo& info, Kind kind,
                      const std::string& key, const Json& fallback) {
  try {
    return read_scalar(node, info, kind);
  } catch (const ConfigError& error) {
    faults_.add(node.where, key, key + ": " + error.what());
    return fallback;
  }
}

Json Reader::read_list(const YamlNode& node, const SettingInfo& info,
                       const std::string& key) {
  if (!node.is(YamlNode::Kind::kList)) {
    faults_.add(node.where, key,
                fmt::format("{}: expected a list; got {}. Write [a, b].", key,
                            describe_node(node)));
    return info.value;
  }
  Json array = Json::array();
  for (size_t i = 0; i < node.items.size(); ++i) {
    const std::string name = fmt::format("{}[{}]", key, i);
    Json item = read_one(node.items[i], info, info.element, name, nullptr);
    if (item.is_null())
      faults_.distrust(key);
    else
      array.push_back(std::move(item));
  }
  return array;
}

Json Reader::read_map(const YamlNode& node, const SettingInfo& info,
                      const std::string& key) {
  if (!node.is(YamlNode::Kind::kMap)) {
    faults_.add(node.where, key,
                fmt::format("{}: expected a map; got {}. Write {{a: b}}.", key,
                            describe_node(node)));
    return info.value;
  }
  Json object = Json::object();
  for (const YamlEntry& entry : node.entries) {
    const std::string name = key + "." + entry.key;
    positions_[name] = entry.value.where;
    Json item = read_one(entry.value, info, info.element, name, nullptr);
    if (!item.is_null()) object[entry.key] = std::move(item);
  }
  return object;
}

}  // namespace fer
