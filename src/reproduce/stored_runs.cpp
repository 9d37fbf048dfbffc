#include "reproduce/stored_runs.h"

#include <algorithm>
#include <charconv>

#include "config/faults.h"
#include "config/tree.h"
#include "core/error.h"
#include "core/file.h"
#include "metrics/confusion_matrix.h"
#include "report/scored_hash.h"
#include "report/scores.h"
#include "stats/pairing.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr int kMaxDepth = 5;

// What all folds say together; it has no config.yaml of its own.
bool is_out_of_fold(const fs::path& folder) {
  return folder.filename() == "out_of_fold";
}

bool is_run(const fs::path& folder) {
  return fs::is_regular_file(folder / "metrics.json") &&
         (fs::is_regular_file(folder / "config.yaml") ||
          is_out_of_fold(folder));
}

std::ptrdiff_t predicted_splits(const fs::path& folder) {
  return std::ranges::count_if(
      std::initializer_list<const char*>{"train", "val", "test"},
      [&](const char* split) {
        return fs::exists(folder / fmt::format("predictions-{}.csv", split));
      });
}

/// experiment.<key> as text; "" when it is not set.
std::string setting(const YamlNode& root, const char* key) {
  const YamlEntry* section = root.find("experiment");
  const YamlEntry* entry = section ? section->value.find(key) : nullptr;
  return entry ? entry->value.text : "";
}

StoredRun describe_run(const fs::path& folder) {
  if (is_out_of_fold(folder)) {
    const Json metrics = read_json(folder / "metrics.json");
    return {folder, text(metrics, "experiment"),
            static_cast<int64_t>(number(metrics, "seed").value_or(0))};
  }
  const std::string name = (folder / "config.yaml").string();
  Faults faults;
  const YamlNode root = parse_tree(read_file(name), name, faults);
  faults.raise();
  StoredRun run{folder, setting(root, "name"), 0};
  const std::string seed = setting(root, "seed");
  std::from_chars(seed.data(), seed.data() + seed.size(), run.seed);
  return run;
}

void collect(const fs::path& folder, int depth, std::vector<StoredRun>& runs) {
  if (is_run(folder)) {
    const StoredRun run = describe_run(folder);
    const auto known = std::ranges::find_if(runs, [&](const auto& other) {
      return other.experiment == run.experiment && other.seed == run.seed;
    });
    if (known == runs.end())
      runs.push_back(run);
    else if (predicted_splits(folder) > predicted_splits(known->path))
      *known = run;
    return;
  }
  if (depth == kMaxDepth) return;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && !entry.is_symlink() &&
        !entry.path().filename().string().starts_with("fold-"))
      folders.push_back(entry.path());
  std::ranges::sort(folders);
  for (const fs::path& inner : folders) collect(inner, depth + 1, runs);
}

[[noreturn]] void other_predictions(const fs::path& path,
                                    const std::string& what) {
  fail<DataError>(
      "[reproduce] expected the predictions that metrics.json was computed "
      "from; got others: {} ({}). Run `ferbench evaluate {}` to score them.",
      what, path.string(), path.parent_path().string());
}

/// The counts of metrics.json against those of the predictions.
void check_counts(const RunFiles& run, const std::string& split,
                  const Predictions& predictions, const fs::path& path) {
  const auto stored = confusion_of(run.metrics.at(split));
  const ConfusionMatrix matrix(predictions.labels, predictions.predicted,
                               predictions.classes());
  if (stored.size() != matrix.classes())
    other_predictions(path, fmt::format("{} classes instead of {}",
                                        matrix.classes(), stored.size()));
  for (size_t i = 0; i < stored.size(); ++i) {
    for (size_t j = 0; j < stored.size(); ++j) {
      if (stored[i][j] == static_cast<double>(matrix.count(i, j))) continue;
      other_predictions(
          path, fmt::format("{} times {} taken for {} instead of {}",
                            matrix.count(i, j), predictions.class_names[i],
                            predictions.class_names[j], stored[i][j]));
    }
  }
}

void check_scored(const RunFiles& run) {
  for (const auto& [split, predictions] : run.predictions) {
    if (!run.metrics.contains(split)) continue;
    const fs::path path = run.path / ("predictions-" + split + ".csv");
    if (changed_predictions(run.path, run.metrics, split))
      other_predictions(path, "the SHA-256 differs");
    check_counts(run, split, predictions, path);
  }
}

/// Rows of the newest run in the order of the first that has the split.
void align_newest(std::vector<RunFiles>& runs) {
  for (auto& [split, predictions] : runs.back().predictions) {
    const RunFiles& first = *std::ranges::find_if(
        runs, [&](const auto& run) { return run.predictions.contains(split); });
    if (&first == &runs.back()) continue;
    try {
      const Pairs pairs = pair_rows(first.predictions.at(split), predictions);
      predictions = select_rows(predictions, pairs.b);
    } catch (const DataError& error) {
      fail<DataError>("{} Compared: {} and {}, split {}.", error.what(),
                      first.path.string(), runs.back().path.string(), split);
    }
  }
}

}  // namespace

std::vector<StoredRun> find_runs(const std::vector<fs::path>& roots) {
  std::vector<StoredRun> runs;
  for (const fs::path& root : roots)
    if (fs::is_directory(root)) collect(root, 0, runs);
  return runs;
}

double ExperimentRuns::leaky_share() const {
  double share = 0;
  for (const RunFiles& run : runs)
    share = std::max(share, number(run.metrics, "leaky_share").value_or(0));
  return share;
}

ExperimentRuns load_experiment(const std::vector<StoredRun>& stored,
                               const std::vector<std::string>& names) {
  ExperimentRuns loaded;
  for (const std::string& name : names) {
    std::vector<StoredRun> mine;
    std::ranges::copy_if(
        stored, std::back_inserter(mine),
        [&](const auto& run) { return run.experiment == name; });
    if (mine.empty()) continue;
    std::ranges::stable_sort(mine, {}, &StoredRun::seed);
    loaded.experiment = name;
    for (const StoredRun& run : mine) {
      loaded.seeds.push_back(run.seed);
      loaded.runs.push_back(read_run_files(run.path));
      check_scored(loaded.runs.back());
      align_newest(loaded.runs);
    }
    return loaded;
  }
  return loaded;
}

}  // namespace fer
