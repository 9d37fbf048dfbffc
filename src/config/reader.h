// From a YAML tree to checked values: unknown keys, types, ranges.
#pragma once

#include <map>
#include <string>

#include "config/describe.h"
#include "config/tree.h"

namespace fer {

/// Reads a tree against config_info(); whatever is wrong goes to the faults and
/// leaves the default in place.
class Reader {
 public:
  explicit Reader(Faults& faults) : faults_(faults) {}

  /// All settings, ready for bind::from_json.
  Json read(const YamlNode& root);

  /// Where `key` was set ("file:line:col", "-s ..."); "default" if nowhere.
  std::string position(const std::string& key) const;

 private:
  Json read_section(const YamlNode& node, const SettingInfo& info,
                    const std::string& key);
  Json read_value(const YamlNode& node, const SettingInfo& info,
                  const std::string& key);
  Json read_list(const YamlNode& node, const SettingInfo& info,
                 const std::string& key);
  Json read_map(const YamlNode& node, const SettingInfo& info,
                const std::string& key);
  /// A scalar; its fault is reported and `fallback` returned.
  Json read_one(const YamlNode& node, const SettingInfo& info,
                SettingInfo::Kind kind, const std::string& key,
                const Json& fallback);
  /// The default, with the environment variables of paths filled in.
  Json default_value(const SettingInfo& info, const std::string& key);
  void unknown(const YamlEntry& entry, const SettingInfo& section,
               const std::string& prefix);

  Faults& faults_;
  std::map<std::string, std::string> positions_;
};

}  // namespace fer
