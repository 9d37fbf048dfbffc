// YAML text as a plain tree that remembers where each value stands. Stricter
// than YAML: one document, no tags, no duplicate keys, bounded size.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/faults.h"

namespace fer {

inline constexpr size_t kMaxConfigBytes = 1 << 20;
/// Values of one file with all aliases expanded.
inline constexpr size_t kMaxConfigNodes = 10'000;

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string where;  ///< "file:line:col"
  std::string text;   ///< of a scalar
  bool plain = true;  ///< scalar without quotes
  std::vector<YamlNode> items;
  std::vector<YamlEntry> entries;  ///< of a map, in the order of the file

  bool is(Kind k) const { return kind == k; }
  /// The entry `key` of a map, or null.
  YamlEntry* find(const std::string& key);
  const YamlEntry* find(const std::string& key) const;
};

struct YamlEntry {
  std::string key;
  std::string where;
  YamlNode value;
};

/// Parses `text`; faults go to `faults`, and the tree is then null. Anchors and
/// aliases work; an alias that would push the tree over kMaxConfigNodes is a
/// fault found without expanding it.
YamlNode parse_tree(const std::string& text, const std::string& name,
                    Faults& faults);

/// What stands there, for messages: "three", a list, a map, nothing (null).
std::string describe_node(const YamlNode& node);

/// Lays `over` upon `base`: maps merge key by key, all else replaces.
void merge_tree(YamlNode& base, YamlNode over);

}  // namespace fer
