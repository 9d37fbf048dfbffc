#include "leaderboard/run_origin.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/data_config.h"
#include "config/faults.h"
#include "config/tree.h"
#include "core/error.h"
#include "core/text.h"
#include "leaderboard/results_csv.h"
#include "report/scores.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

using Settings = std::map<std::string, std::string>;

// What may differ between two seeds of one experiment: where files lie, how
// fast it went, what is drawn. A name ending in "." stands for all under it.
const std::vector<std::string> kOwnSettings = {"experiment.",
                                               "data.path",
                                               "data.cache",
                                               "train.device",
                                               "train.threads",
                                               "report.",
                                               "callbacks.tensorboard",
                                               "data.split.fold",
                                               "evaluate.splits",
                                               "evaluate.batch_size",
                                               "seeds"};

bool is_own(const std::string& key) {
  return std::ranges::any_of(kOwnSettings, [&](const std::string& own) {
    return own.ends_with('.') ? key.starts_with(own)
                              : key == own || key.starts_with(own + ".");
  });
}

// Maps whose keys the user chooses: one setting as a whole.
bool is_free_map(const std::string& key) {
  return key == "data.relabel" || key == "train.fine_tune.freeze";
}

std::string map_text(const YamlNode& node) {
  std::vector<std::string> items;
  for (const YamlEntry& entry : node.entries)
    items.push_back(entry.key + ": " + entry.value.text);
  return "{" + join(items, ", ") + "}";
}

void flatten(const YamlNode& node, const std::string& key, Settings& into) {
  if (node.is(YamlNode::Kind::kMap) && is_free_map(key)) {
    into[key] = map_text(node);
  } else if (node.is(YamlNode::Kind::kMap)) {
    for (const YamlEntry& entry : node.entries)
      flatten(entry.value, key.empty() ? entry.key : key + "." + entry.key,
              into);
  } else if (node.is(YamlNode::Kind::kList)) {
    std::vector<std::string> items;
    for (const YamlNode& item : node.items) {
      Settings part;
      flatten(item, "", part);
      items.push_back(part.empty() ? "{}" : part.begin()->second);
    }
    into[key] = "[" + join(items, ", ") + "]";
  } else {
    into[key] = node.text;
  }
}

std::string setting(const Settings& settings, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? "" : found->second;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return "";
}

// "${FERBENCH_DATA:-data}/fer2013.tar.gz" -> "fer2013".
std::string stem(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  path = path.substr(path.find_last_of("/\\") + 1);
  for (const std::string_view end :
       {".gz", ".tar", ".tgz", ".zip", ".csv", ".fer", ".pack"}) {
    if (path.size() > end.size() && path.ends_with(end))
      path.resize(path.size() - end.size());
  }
  return path;
}

// "synthetic", and what is drawn otherwise than by default. Texts are those of
// a resolved config.yaml, so defaults compare as numbers.
std::string synthetic_name(const Settings& settings) {
  const SyntheticConfig defaults;
  const std::pair<const char*, double> known[] = {
      {"seed", static_cast<double>(defaults.seed)},
      {"noise", defaults.noise},
      {"occlusion", defaults.occlusion}};
  std::string name = "synthetic";
  for (const auto& [key, usual] : known) {
    const std::string text =
        setting(settings, std::string("data.synthetic.") + key);
    double value = usual;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value != usual) name += fmt::format(" {}={}", key, text);
  }
  return name;
}

std::vector<std::string> class_names(const RunFiles& run) {
  const auto test = run.predictions.find("test");
  if (test != run.predictions.end()) return test->second.class_names;
  if (!run.metrics.is_object() || !run.metrics.contains("test")) return {};
  return score_classes(run.metrics["test"]);
}

std::string image_shape(const Settings& settings) {
  const std::string size = setting(settings, "data.image_size");
  const std::string channels = setting(settings, "data.channels");
  if (size.empty() || channels.empty()) return "";
  return fmt::format("{}x{}x{}", channels, size, size);
}

std::optional<int64_t> seed_of(const RunFiles& run, const Settings& settings) {
  if (const auto seed = number(run.metrics, "seed"))
    return static_cast<int64_t>(*seed);
  const std::string text = setting(settings, "experiment.seed");
  int64_t seed = 0;
  const auto end = text.data() + text.size();
  if (text.empty() || std::from_chars(text.data(), end, seed).ptr != end)
    return std::nullopt;
  return seed;
}

std::string hardware_of(const RunFiles& run) {
  const std::string told = first_of(
      {text(run.metrics, "hardware"), text(run.environment, "hardware")});
  if (!told.empty()) return told;
  const std::string processor = text(run.environment, "processor");
  const auto cores = number(run.environment, "cores");
  if (processor.empty() || !cores) return processor;
  return fmt::format("{}, {:.0f} cores", processor, *cores);
}

// Sum or median of what history.csv measured; nothing without numbers.
std::optional<double> history_sum(const RunFiles& run, const char* column) {
  double sum = 0;
  for (const double value : run.history_column(column))
    if (std::isfinite(value)) sum += value;
  return sum > 0 ? std::optional(sum) : std::nullopt;
}

std::optional<double> history_median(const RunFiles& run, const char* column) {
  std::vector<double> values = run.history_column(column);
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const size_t half = values.size() / 2;
  return values.size() % 2 ? values[half]
                           : (values[half - 1] + values[half]) / 2;
}

Json member(const Json& object, const char* key) {
  return object.is_object() ? object.value(key, Json()) : Json();
}

void read_leak(const RunFiles& run, RunOrigin& origin) {
  const Json pair = member(member(run.audit, "cross_split"), "train-test");
  origin.leaky_share = number(run.metrics, "leaky_share");
  if (!origin.leaky_share) origin.leaky_share = number(pair, "share");
  const Json told = member(run.metrics, "leaky");
  origin.leaky =
      told.is_boolean() ? told.get<bool>() : origin.leaky_share.value_or(0) > 0;
}

void read_cost(const RunFiles& run, RunOrigin& origin) {
  const Json model = member(run.metrics, "model");
  origin.parameters = number(model, "parameters");
  origin.flops = number(model, "flops");
  origin.train_seconds = number(run.metrics, "train_seconds");
  if (!origin.train_seconds) origin.train_seconds = history_sum(run, "seconds");
  origin.images_per_second = number(run.metrics, "images_per_second");
  if (!origin.images_per_second)
    origin.images_per_second = history_median(run, "images_per_second");
  std::error_code none;
  const auto bytes = fs::file_size(run.path / "model.onnx", none);
  if (!none) origin.onnx_bytes = static_cast<double>(bytes);
}

void require(bool there, const char* what, const RunFiles& run) {
  if (there) return;
  fail<DataError>(
      "[leaderboard] expected {} in metrics.json or config.yaml; got none "
      "({}). Score the run again: `ferbench evaluate {}`.",
      what, run.path.string(), run.path.string());
}

}  // namespace

std::map<std::string, std::string> flat_settings(const std::string& yaml,
                                                 const std::string& name) {
  Settings settings;
  if (yaml.empty()) return settings;
  Faults faults;
  flatten(parse_tree(yaml, name, faults), "", settings);
  faults.raise();
  return settings;
}

std::string dataset_name(const Settings& settings,
                         const std::vector<std::string>& class_names,
                         const std::string& source) {
  const std::string kind = first_of({setting(settings, "data.source"), source});
  std::string name = kind == "synthetic"
                         ? synthetic_name(settings)
                         : first_of({stem(setting(settings, "data.path")),
                                     stem(source), "unknown"});
  if (class_names.empty()) return name;
  return class_names.size() <= 3
             ? fmt::format("{} ({})", name, join(class_names, ", "))
             : fmt::format("{} ({} classes)", name, class_names.size());
}

RunOrigin read_run_origin(const RunFiles& run) {
  const Settings all =
      flat_settings(run.config, (run.path / "config.yaml").string());
  RunOrigin origin;
  origin.experiment = first_of(
      {text(run.metrics, "experiment"), setting(all, "experiment.name")});
  require(!origin.experiment.empty(), "the experiment's name", run);
  origin.protocol = first_of(
      {text(run.metrics, "protocol"), setting(all, "data.split.protocol")});
  require(!origin.protocol.empty(), "the protocol", run);
  const auto seed = seed_of(run, all);
  require(seed.has_value(), "the seed", run);
  origin.seed = *seed;
  const Json data = member(run.metrics, "data");
  origin.dataset = dataset_name(all, class_names(run), text(data, "source"));
  origin.fingerprint =
      first_of({text(data, "fingerprint"), text(run.audit, "fingerprint")});
  origin.image_shape = image_shape(all);
  origin.model = first_of(
      {text(member(run.metrics, "model"), "name"), setting(all, "model.name")});
  origin.hardware = hardware_of(run);
  origin.commit =
      first_of({text(run.metrics, "commit"), text(run.environment, "commit")});
  origin.started = text(run.environment, "started");
  read_leak(run, origin);
  read_cost(run, origin);
  origin.settings = all;
  std::erase_if(origin.settings,
                [](const auto& entry) { return is_own(entry.first); });
  for (std::string* field :
       {&origin.experiment, &origin.protocol, &origin.dataset, &origin.model,
        &origin.hardware, &origin.commit, &origin.started})
    *field = one_line(std::move(*field));
  return origin;
}

}  // namespace fer
