#include "config/tree_builder.h"

#include <yaml-cpp/mark.h>

#include "core/error.h"

namespace fer {

using Kind = YamlNode::Kind;

std::string TreeBuilder::where(const YAML::Mark& mark) const {
  return fmt::format("{}:{}:{}", name_, mark.line + 1, mark.column + 1);
}

void TreeBuilder::refuse(const std::string& at, std::string text) {
  faults_.add(at, "", std::move(text));
  throw Refused{};
}

void TreeBuilder::count(const YAML::Mark& mark, size_t nodes) {
  nodes_ += nodes;
  if (nodes_ > kMaxConfigNodes) {
    refuse(where(mark), fmt::format("more than {} values (aliases expanded): "
                                    "this is no experiment file.",
                                    kMaxConfigNodes));
  }
}

void TreeBuilder::check_tag(const YAML::Mark& mark, const std::string& tag) {
  if (tag.empty() || tag == "?" || tag == "!") return;
  faults_.add(where(mark), "", "YAML tags are not supported. Remove the tag.");
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ > 1) {
    refuse(where(mark), "a second YAML document. Use one file per experiment.");
  }
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  count(mark, 1);
  YamlNode node{Kind::kNull, where(mark), "", true, {}, {}};
  if (anchor != YAML::NullAnchor) anchors_[anchor] = {node, 1};
  add(std::move(node));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag,
                           YAML::anchor_t anchor, const std::string& value) {
  check_tag(mark, tag);
  count(mark, 1);
  YamlNode node{Kind::kScalar, where(mark), value, tag != "!", {}, {}};
  if (anchor != YAML::NullAnchor) anchors_[anchor] = {node, 1};
  add(std::move(node));
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    refuse(where(mark), "an alias inside the value that it names.");
  }
  count(mark, found->second.nodes);  // before the copy: a bomb never expands
  add(found->second.node);
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark,
                                  const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value) {
  check_tag(mark, tag);
  open(mark, Kind::kList, anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag,
                             YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  check_tag(mark, tag);
  open(mark, Kind::kMap, anchor);
}

void TreeBuilder::open(const YAML::Mark& mark, Kind kind,
                       YAML::anchor_t anchor) {
  const size_t before = nodes_;
  count(mark, 1);
  open_.push_back({{kind, where(mark), "", true, {}, {}}, anchor, before, {}});
}

void TreeBuilder::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  if (done.anchor != YAML::NullAnchor) {
    const size_t nodes = nodes_ - done.first_node;
    kept_ += nodes;  // anchors within anchors are copied once per level
    if (kept_ > kMaxConfigNodes) {
      refuse(done.node.where, "too many anchors within anchors.");
    }
    anchors_[done.anchor] = {done.node, nodes};
  }
  add(std::move(done.node));
}

void TreeBuilder::add(YamlNode node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.is(Kind::kList)) {
    parent.node.items.push_back(std::move(node));
  } else if (!parent.entry) {
    add_key(parent, node);
  } else {
    // An empty value has no place of its own: yaml-cpp names the next line.
    if (node.is(Kind::kNull)) node.where = parent.entry->where;
    parent.entry->value = std::move(node);
    if (!parent.node.find(parent.entry->key)) {
      parent.node.entries.push_back(std::move(*parent.entry));
    }
    parent.entry.reset();
  }
}

void TreeBuilder::add_key(Open& map, const YamlNode& node) {
  if (!node.is(Kind::kScalar)) {
    refuse(node.where, "a key must be a word; got " + describe_node(node) +
                           ". Write name: value.");
  }
  if (const YamlEntry* first = map.node.find(node.text)) {
    faults_.add(node.where, "",
                fmt::format("{} stands twice; first at {}. Keep one.",
                            in_quotes(node.text), first->where));
  }
  map.entry = YamlEntry{node.text, node.where, {}};
}

}  // namespace fer
