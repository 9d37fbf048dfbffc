#include "config/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "config/tree_builder.h"
#include "config/yaml_text.h"
#include "core/error.h"

namespace fer {

namespace {

/// yaml-cpp's message in our words where its own misleads.
std::string reason(const YAML::Exception& error) {
  if (error.msg == YAML::ErrorMsg::BAD_FILE) return "nested too deeply";
  return error.msg;
}

}  // namespace

YamlEntry* YamlNode::find(const std::string& key) {
  for (YamlEntry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const YamlEntry* YamlNode::find(const std::string& key) const {
  return const_cast<YamlNode*>(this)->find(key);
}

YamlNode parse_tree(const std::string& text, const std::string& name,
                    Faults& faults) {
  if (!check_yaml_text(text, name, faults)) return {};
  std::istringstream stream(text);
  TreeBuilder builder(name, faults);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    faults.add(fmt::format("{}:{}:{}", name, error.mark.line + 1,
                           error.mark.column + 1),
               "", "not valid YAML: " + reason(error) + ".");
    return {};
  } catch (const TreeBuilder::Refused&) {
    return {};
  }
  return builder.take_root();
}

std::string describe_node(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing (null)";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kScalar:
      break;
  }
  return node.plain ? in_quotes(node.text) : "the text " + in_quotes(node.text);
}

void merge_tree(YamlNode& base, YamlNode over) {
  if (!base.is(YamlNode::Kind::kMap) || !over.is(YamlNode::Kind::kMap)) {
    base = std::move(over);
    return;
  }
  for (YamlEntry& entry : over.entries) {
    if (YamlEntry* there = base.find(entry.key)) {
      there->where = std::move(entry.where);
      merge_tree(there->value, std::move(entry.value));
    } else {
      base.entries.push_back(std::move(entry));
    }
  }
}

}  // namespace fer
