#include "config/extends.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include "config/environment.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {

namespace fs = std::filesystem;
using Kind = YamlNode::Kind;

namespace {

constexpr int kMaxLoads = 100;  // files that extend each other in a tree

YamlNode empty_map(const std::string& where) {
  return {Kind::kMap, where, "", true, {}, {}};
}

/// The bytes, one more than allowed at most; nothing if it cannot be read.
std::optional<std::string> read_bounded(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMaxConfigBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

/// "; did you mean experiments/demo.yaml?" from the files beside it.
std::string neighbour(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yaml") {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  const std::string best = nearest(path.filename().string(), names);
  if (best.empty()) return ".";
  return "; did you mean " + (path.parent_path() / best).string() + "?";
}

/// The paths of `extends`: one or a list.
std::vector<const YamlNode*> extended(const YamlNode& value, Faults& faults) {
  std::vector<const YamlNode*> paths;
  if (value.is(Kind::kScalar)) paths.push_back(&value);
  for (const YamlNode& item : value.items) paths.push_back(&item);
  const bool good = value.is(Kind::kScalar) || value.is(Kind::kList);
  for (const YamlNode* path : paths) {
    if (!path->is(Kind::kScalar)) {
      faults.add(path->where, "",
                 "extends: expected a path; got " + describe_node(*path) + ".");
    }
  }
  if (!good) {
    faults.add(value.where, "",
               "extends: expected a path or a list of paths; got " +
                   describe_node(value) + ".");
  }
  std::erase_if(paths, [](auto* p) { return !p->is(Kind::kScalar); });
  return paths;
}

}  // namespace

YamlNode ExtendingLoader::load(const fs::path& path) { return load(path, ""); }

YamlNode ExtendingLoader::load(const fs::path& path, const std::string& where) {
  if (!where.empty() && in_circle(path, where)) return empty_map("");
  const std::optional<std::string> text = read_bounded(path);
  if (!text) {
    faults_.add(
        where.empty() ? path.string() : where, "",
        fmt::format("{}no readable file{}{}{}",
                    where.empty() ? "" : "extends: ", where.empty() ? "" : " ",
                    where.empty() ? "" : path.string(), neighbour(path)));
    return empty_map("");
  }
  YamlNode root = load_text(*text, path.string());
  if (std::ranges::find(sources_, path) == sources_.end()) {
    sources_.push_back(path);
  }
  return root;
}

bool ExtendingLoader::in_circle(const fs::path& path,
                                const std::string& where) {
  const auto real = [](const fs::path& file) {
    std::error_code error;
    const fs::path found = fs::weakly_canonical(file, error);
    return error ? file.lexically_normal() : found;
  };
  const auto same = [&](const fs::path& other) {
    return real(other) == real(path);
  };
  const auto begin = std::ranges::find_if(chain_, same);
  if (begin != chain_.end()) {
    std::string text = "extends goes in a circle: ";
    for (auto it = begin; it != chain_.end(); ++it) {
      text += it->string() + " -> ";
    }
    faults_.add(where, "", text + path.string() + ".");
    return true;
  }
  if (++loads_ <= kMaxLoads) return false;
  if (loads_ == kMaxLoads + 1) {
    faults_.add(where, "",
                fmt::format("extends: more than {} files.", kMaxLoads));
  }
  return true;
}

YamlNode ExtendingLoader::load_text(const std::string& text,
                                    const std::string& name) {
  const size_t before = faults_.count();
  YamlNode root = parse_tree(text, name, faults_);
  if (root.is(Kind::kMap)) return resolve(std::move(root), name);
  if (faults_.count() == before) {
    const bool empty = root.is(Kind::kNull);
    faults_.add(
        empty ? name : root.where, "",
        empty ? "the file is empty. Expected settings such as "
                "train: {epochs: 3}."
              : "expected a map of settings; got " + describe_node(root) + ".");
  }
  return empty_map("");
}

YamlNode ExtendingLoader::resolve(YamlNode root, const fs::path& path) {
  const YamlEntry* entry = root.find("extends");
  if (!entry) return root;
  const YamlNode value = entry->value;
  std::erase_if(root.entries, [](auto& e) { return e.key == "extends"; });
  YamlNode merged = empty_map(root.where);
  chain_.push_back(path);
  for (const YamlNode* item : extended(value, faults_)) {
    try {
      const fs::path base = expand_environment(item->text);
      merge_tree(merged, load((path.parent_path() / base).lexically_normal(),
                              item->where));
    } catch (const ConfigError& error) {
      faults_.add(item->where, "", std::string("extends: ") + error.what());
    }
  }
  chain_.pop_back();
  merge_tree(merged, std::move(root));
  return merged;
}

namespace {

/// Every place inside an override is the override itself.
void set_where(YamlNode& node, const std::string& where) {
  node.where = where;
  for (YamlNode& item : node.items) set_where(item, where);
  for (YamlEntry& entry : node.entries) {
    entry.where = where;
    set_where(entry.value, where);
  }
}

}  // namespace

void apply_override(YamlNode& root, const std::string& text, Faults& faults) {
  const std::string where = "-s " + text;
  const size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const std::vector<std::string> parts = split(key, '.');
  if (equals == std::string::npos || std::ranges::count(parts, "") > 0) {
    faults.add(where, "", "expected section.setting=value.");
    return;
  }
  if (key == "extends") {
    faults.add(where, "", "extends can stand in a file only.");
    return;
  }
  YamlNode node = parse_tree(text.substr(equals + 1), where, faults);
  set_where(node, where);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    YamlNode map = empty_map(where);
    map.entries.push_back({*part, where, std::move(node)});
    node = std::move(map);
  }
  merge_tree(root, std::move(node));
}

}  // namespace fer
