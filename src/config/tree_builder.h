// Listens to yaml-cpp's parser and builds a YamlNode; private to tree.cpp.
#pragma once

#include <yaml-cpp/eventhandler.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/tree.h"

namespace fer {

class TreeBuilder final : public YAML::EventHandler {
 public:
  /// Thrown after a fault that makes reading on pointless.
  struct Refused {};

  TreeBuilder(std::string name, Faults& faults)
      : name_(std::move(name)), faults_(faults) {}

  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is still being read.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    size_t first_node;               ///< count of nodes before it
    std::optional<YamlEntry> entry;  ///< key that waits for its value
  };
  /// A node that aliases may repeat, and how many nodes it holds.
  struct Anchored {
    YamlNode node;
    size_t nodes;
  };

  std::string where(const YAML::Mark& mark) const;
  void count(const YAML::Mark& mark, size_t nodes);
  void check_tag(const YAML::Mark& mark, const std::string& tag);
  void open(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor);
  void close();
  void add(YamlNode node);
  void add_key(Open& map, const YamlNode& node);
  [[noreturn]] void refuse(const std::string& at, std::string text);

  std::string name_;
  Faults& faults_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  size_t nodes_ = 0;  ///< of the tree so far
  size_t kept_ = 0;   ///< of all anchored lists and maps
  int documents_ = 0;
};

}  // namespace fer
