#include "reproduce/published.h"

#include <algorithm>
#include <set>

#include "config/faults.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "reproduce/record.h"

namespace fer {
namespace fs = std::filesystem;

constexpr auto PublishedSet::fields() {
  using S = PublishedSet;
  return std::tuple(
      field("name", &S::name, "Name that claims use"),
      field("split", &S::split, "The split of our runs: train, val or test"),
      field("images", &S::images, "Size; 0: not stated").in(0, 1e7),
      field("candidates", &S::candidates, "Sizes that it may have had")
          .in(1, 1e7),
      field("where", &S::where, "Where the size stands"),
      field("note", &S::note, "What is uncertain"));
}

constexpr auto PublishedTable::fields() {
  using T = PublishedTable;
  return std::tuple(field("name", &T::name, "Name that claims use"),
                    field("title", &T::title, "Its heading"),
                    field("where", &T::where, "Where it stands"));
}

constexpr auto PublishedModel::fields() {
  using M = PublishedModel;
  return std::tuple(
      field("name", &M::name, "Name that claims use"),
      field("title", &M::title, "As shown"),
      field("report", &M::report,
            "experiment.name of the source's own pipeline; the first with "
            "runs counts"),
      field("clean", &M::clean, "The same without the leak"),
      field("wrong_direction", &M::wrong_direction,
            "The same with the checkpoint's direction as published"),
      field("report_file", &M::report_file, "Experiment file to run"),
      field("clean_file", &M::clean_file, "Experiment file to run"),
      field("needs", &M::needs, "What is missing before it can run"),
      field("stand_in", &M::stand_in,
            "Model whose runs are shown while this one has none"));
}

constexpr auto PublishedClaim::fields() {
  using C = PublishedClaim;
  return std::tuple(
      field("table", &C::table, "Table that it stands in"),
      field("model", &C::model, "Who"),
      field("set", &C::set, "On which images"),
      field("positive", &C::positive,
            "Class that precision, recall, F1 and specificity speak of; "
            "empty: all classes"),
      field("printed", &C::printed, "rounded or float32"),
      field("where", &C::where, "Section, page or sentence"),
      field("doubts", &C::doubts, "What speaks against it"));
}

constexpr auto OtherNumber::fields() {
  using O = OtherNumber;
  return std::tuple(field("what", &O::what, "What it counts"),
                    field("value", &O::value, "As printed"),
                    field("where", &O::where, "Where it stands"),
                    field("note", &O::note, "What to know about it"));
}

constexpr auto Published::fields() {
  using P = Published;
  return std::tuple(field("source", &P::source, "Name of the file"),
                    field("title", &P::title, "Of the source"),
                    field("published", &P::published, "When"),
                    field("classes", &P::classes, "In the source's words"),
                    field("classes_note", &P::classes_note, "On the labels"));
}

namespace {

constexpr int64_t kMaxImages = 10'000'000;

/// Names of a list of records, for messages and look-ups.
template <class T>
std::vector<std::string> names_of(const std::vector<T>& records) {
  std::vector<std::string> names;
  for (const T& record : records) names.push_back(record.name);
  return names;
}

void check_name(const std::string& name, const std::vector<std::string>& known,
                const char* what, const std::string& where, Faults& faults) {
  if (std::ranges::find(known, name) != known.end()) return;
  faults.add(where, "",
             fmt::format("{}: expected {}; got {}{}", what, alternatives(known),
                         in_quotes(name), suggestion(name, known)));
}

template <class T>
void check_names_differ(const std::vector<T>& records, const char* what,
                        const std::string& where, Faults& faults) {
  std::set<std::string> seen;
  for (const T& record : records) {
    if (seen.insert(record.name).second) continue;
    faults.add(where, "",
               fmt::format("{}: expected different names; got {} twice. "
                           "Rename one.",
                           what, in_quotes(record.name)));
  }
}

PublishedSet read_set(const YamlNode& node, const std::string& what,
                      const std::vector<std::string>& classes, Faults& faults) {
  auto set = read_record<PublishedSet>(node, what, {"name", "split", "where"},
                                       {"classes"}, faults);
  check_name(set.split, {"train", "val", "test"}, "split", node.where, faults);
  int64_t sum = 0;
  for (const YamlEntry& entry : read_entries(node, "classes", faults)) {
    check_name(entry.key, classes, "class", entry.where, faults);
    SettingInfo count;
    count.kind = SettingInfo::Kind::kInteger;
    count.range = {0, static_cast<double>(kMaxImages)};
    YamlNode wrapped{YamlNode::Kind::kMap, node.where, "", true, {}, {entry}};
    count.name = entry.key;
    count.value = 0;
    const Json value =
        read_fields(wrapped, {count}, what + ".classes", {}, {}, faults);
    sum += set.classes[entry.key] = value.at(entry.key).get<int64_t>();
  }
  if (!set.classes.empty() && sum != set.images) {
    faults.add(node.where, "",
               fmt::format("{}: the classes have {} images, the set {}. "
                           "Correct one of them.",
                           what, sum, set.images));
  }
  return set;
}

void read_values(const YamlNode& node, PublishedClaim& claim, Faults& faults) {
  for (const YamlEntry& entry : read_entries(node, "values", faults)) {
    check_name(entry.key, published_metrics(), "metric", entry.where, faults);
    try {
      if (!entry.value.is(YamlNode::Kind::kScalar)) {
        fail<DataError>("expected a number; got {}.",
                        describe_node(entry.value));
      }
      claim.values.push_back(
          {entry.key, parse_printed(entry.value.text), entry.value.where});
      const bool share =
          entry.key != "log_loss" && !entry.key.ends_with("parameters");
      if (share && claim.values.back().number.value() > 1) {
        fail<DataError>(
            "expected a share up to 1, or a percentage; got {}. "
            "Write {}%.",
            entry.value.text, entry.value.text);
      }
      if (claim.printed == "float32")
        bounds_of(claim.values.back().number, Rounding::kFloat32);
    } catch (const DataError& error) {
      faults.add(entry.value.where, "", entry.key + ": " + error.what());
    }
  }
}

PublishedClaim read_claim(const YamlNode& node, const std::string& what,
                          const Published& published, Faults& faults) {
  auto claim = read_record<PublishedClaim>(
      node, what, {"table", "model", "set", "values", "where"}, {"values"},
      faults);
  claim.position = node.where;
  if (!node.is(YamlNode::Kind::kMap)) return claim;
  check_name(claim.printed, {"rounded", "float32"}, "printed", node.where,
             faults);
  check_name(claim.table, names_of(published.tables), "table", node.where,
             faults);
  check_name(claim.model, names_of(published.models), "model", node.where,
             faults);
  check_name(claim.set, names_of(published.sets), "set", node.where, faults);
  if (!claim.positive.empty())
    check_name(claim.positive, published.classes, "positive", node.where,
               faults);
  read_values(node, claim, faults);
  return claim;
}

/// Every record of a list, named "sets[0]", "sets[1]", ...
template <class Read>
void for_each_item(const YamlNode& root, const char* key, Faults& faults,
                   Read read) {
  const auto& items = read_items(root, key, faults);
  for (size_t i = 0; i < items.size(); ++i)
    read(items[i], fmt::format("{}[{}]", key, i));
}

void read_lists(const YamlNode& root, Published& published, Faults& faults) {
  for_each_item(root, "sets", faults,
                [&](const YamlNode& node, const std::string& what) {
                  published.sets.push_back(
                      read_set(node, what, published.classes, faults));
                });
  for_each_item(root, "tables", faults,
                [&](const YamlNode& node, const std::string& what) {
                  published.tables.push_back(read_record<PublishedTable>(
                      node, what, {"name", "title", "where"}, {}, faults));
                });
  for_each_item(root, "models", faults,
                [&](const YamlNode& node, const std::string& what) {
                  published.models.push_back(read_record<PublishedModel>(
                      node, what, {"name", "title"}, {}, faults));
                  published.models.back().position = node.where;
                });
  check_names_differ(published.sets, "sets", root.where, faults);
  check_names_differ(published.tables, "tables", root.where, faults);
  check_names_differ(published.models, "models", root.where, faults);
  for (const PublishedModel& model : published.models) {
    if (model.stand_in.empty()) continue;
    check_name(model.stand_in, names_of(published.models), "stand_in",
               model.position, faults);
  }
  for_each_item(
      root, "claims", faults,
      [&](const YamlNode& node, const std::string& what) {
        published.claims.push_back(read_claim(node, what, published, faults));
      });
  for_each_item(root, "other", faults,
                [&](const YamlNode& node, const std::string& what) {
                  published.other.push_back(read_record<OtherNumber>(
                      node, what, {"what", "value", "where"}, {}, faults));
                });
}

template <class T>
const T& by_name(const std::vector<T>& records, const std::string& name) {
  const auto found = std::ranges::find(records, name, &T::name);
  if (found == records.end())
    fail<DataError>("[published] expected one of {}; got {}.",
                    alternatives(names_of(records)), in_quotes(name));
  return *found;
}

}  // namespace

const std::vector<std::string>& published_metrics() {
  static const std::vector<std::string> kMetrics = {"accuracy",
                                                    "precision",
                                                    "recall",
                                                    "specificity",
                                                    "f1",
                                                    "class_accuracy",
                                                    "log_loss",
                                                    "auc",
                                                    "auc_from_hard_labels",
                                                    "parameters",
                                                    "trainable_parameters"};
  return kMetrics;
}

const PublishedValue* PublishedClaim::find(std::string_view metric) const {
  const auto found = std::ranges::find(values, metric, &PublishedValue::metric);
  return found == values.end() ? nullptr : &*found;
}

const PublishedSet& Published::set(const std::string& name) const {
  return by_name(sets, name);
}

const PublishedModel& Published::model(const std::string& name) const {
  return by_name(models, name);
}

Published parse_published(const std::string& text, const std::string& name) {
  Faults faults;
  const YamlNode root = parse_tree(text, name, faults);
  faults.raise();
  if (!root.is(YamlNode::Kind::kMap)) {
    faults.add(name, "",
               "expected a map of source, sets, tables, models and "
               "claims; got " +
                   describe_node(root) + ".");
    faults.raise();
  }
  auto published = read_record<Published>(
      root, "published", {"source", "title", "classes"},
      {"sets", "tables", "models", "claims", "other"}, faults);
  read_lists(root, published, faults);
  if (published.claims.empty() && faults.empty())
    faults.add(name, "", "claims: expected at least one; got none.");
  faults.raise();
  return published;
}

Published read_published(const fs::path& path) {
  return parse_published(read_file(path), path.string());
}

std::vector<Published> read_published_folder(const fs::path& folder) {
  std::vector<fs::path> paths;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  if (paths.empty()) {
    fail<DataError>(
        "[reproduce] expected published numbers as *.yaml; got none ({}). Name "
        "the folder with --published.",
        folder.string());
  }
  std::ranges::sort(paths);
  std::vector<Published> all;
  for (const fs::path& path : paths) {
    Published one = read_published(path);
    if (std::ranges::count(all, one.source, &Published::source) > 0) {
      fail<DataError>(
          "[reproduce] expected one file for each source; got '{}' a second "
          "time ({}). Rename or remove one.",
          one.source, path.string());
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace fer
