#include "reproduce/record.h"

#include <algorithm>

#include "config/scalar.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {

using Kind = SettingInfo::Kind;

namespace {

void check_keys(const YamlNode& node, const std::vector<std::string>& known,
                const std::string& what, Faults& faults) {
  for (const YamlEntry& entry : node.entries) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    const std::string hint = suggestion(entry.key, known);
    faults.add(entry.where, "",
               fmt::format("{}: expected one of the keys {}; got {}{}", what,
                           join(known, ", "), in_quotes(entry.key),
                           hint.empty() ? ". Remove it." : hint));
  }
}

Json read_one(const YamlNode& node, const SettingInfo& info, Kind kind,
              const std::string& what, Faults& faults) {
  try {
    return read_scalar(node, info, kind);
  } catch (const ConfigError& error) {
    faults.add(node.where, "", what + ": " + error.what());
    return nullptr;
  }
}

Json read_value(const YamlNode& node, const SettingInfo& info,
                const std::string& what, Faults& faults) {
  if (info.optional && node.is(YamlNode::Kind::kNull)) return nullptr;
  if (info.kind != Kind::kList) {
    Json value = read_one(node, info, info.kind, what, faults);
    return value.is_null() ? info.value : value;
  }
  if (!node.is(YamlNode::Kind::kList)) {
    faults.add(node.where, "",
               fmt::format("{}: expected a list; got {}. Write [a, b].", what,
                           describe_node(node)));
    return info.value;
  }
  Json list = Json::array();
  for (const YamlNode& item : node.items) {
    Json value = read_one(item, info, info.element, what, faults);
    if (!value.is_null()) list.push_back(std::move(value));
  }
  return list;
}

/// The value under `key` when it is of `kind`; null when there is none.
const YamlNode* value_of(const YamlNode& map, const char* key,
                         YamlNode::Kind kind, const char* noun,
                         Faults& faults) {
  const YamlEntry* entry = map.find(key);
  if (!entry) return nullptr;
  if (entry->value.is(kind)) return &entry->value;
  faults.add(entry->where, "",
             fmt::format("{}: expected {}; got {}.", key, noun,
                         describe_node(entry->value)));
  return nullptr;
}

}  // namespace

Json read_fields(const YamlNode& node, const std::vector<SettingInfo>& fields,
                 const std::string& what,
                 std::initializer_list<const char*> required,
                 std::initializer_list<const char*> others, Faults& faults) {
  Json object = Json::object();
  for (const SettingInfo& info : fields) object[info.name] = info.value;
  if (!node.is(YamlNode::Kind::kMap)) {
    faults.add(node.where, "",
               fmt::format("{}: expected a map of key: value; got {}.", what,
                           describe_node(node)));
    return object;
  }
  std::vector<std::string> known;
  for (const SettingInfo& info : fields) known.push_back(info.name);
  known.insert(known.end(), others.begin(), others.end());
  check_keys(node, known, what, faults);
  for (const SettingInfo& info : fields) {
    if (const YamlEntry* entry = node.find(info.name)) {
      object[info.name] =
          read_value(entry->value, info, what + "." + info.name, faults);
    }
  }
  for (const char* key : required) {
    if (!node.find(key))
      faults.add(node.where, "", fmt::format("{}: {} is missing.", what, key));
  }
  return object;
}

const std::vector<YamlNode>& read_items(const YamlNode& map, const char* key,
                                        Faults& faults) {
  static const std::vector<YamlNode> kNone;
  const YamlNode* list =
      value_of(map, key, YamlNode::Kind::kList, "a list", faults);
  return list ? list->items : kNone;
}

const std::vector<YamlEntry>& read_entries(const YamlNode& map, const char* key,
                                           Faults& faults) {
  static const std::vector<YamlEntry> kNone;
  const YamlNode* entries =
      value_of(map, key, YamlNode::Kind::kMap, "a map", faults);
  return entries ? entries->entries : kNone;
}

}  // namespace fer
