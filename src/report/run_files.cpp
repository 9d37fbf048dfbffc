#include "report/run_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/file.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

Json read_json_if(const fs::path& path) {
  return fs::exists(path) ? read_json(path) : Json();
}

// "predictions-test.csv" -> "test"; empty when the name is another.
std::string split_of(const fs::path& path, std::string_view prefix,
                     std::string_view suffix) {
  const std::string name = path.filename().string();
  if (!name.starts_with(prefix) || !name.ends_with(suffix) ||
      name.size() <= prefix.size() + suffix.size())
    return {};
  return name.substr(prefix.size(),
                     name.size() - prefix.size() - suffix.size());
}

void check_is_run(const fs::path& run_dir) {
  for (const char* name : {"config.yaml", "history.csv", "metrics.json"})
    if (fs::is_regular_file(run_dir / name)) return;
  fail<DataError>(
      "[report] expected a run folder (with config.yaml, history.csv or "
      "metrics.json); got {} ({}). Name a folder that `ferbench run` wrote.",
      !fs::exists(run_dir)        ? "no such folder"
      : fs::is_directory(run_dir) ? "a folder with none of them"
                                  : "a file",
      run_dir.string());
}

std::string title_of(const fs::path& run_dir) {
  fs::path folder = fs::absolute(run_dir).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  const std::string name = folder.filename().string();
  const std::string parent = folder.parent_path().filename().string();
  return name.starts_with("seed-") ? parent + " / " + name : name;
}

// Row of the first highest or lowest number; nothing when there is none.
std::optional<size_t> extreme(const std::vector<double>& values, bool highest) {
  std::optional<size_t> best;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (!best ||
        (highest ? values[i] > values[*best] : values[i] < values[*best]))
      best = i;
  }
  return best;
}

}  // namespace

std::vector<std::string> split_order(std::vector<std::string> names) {
  const auto rank = [](const std::string& name) {
    return name == "test" ? 0 : name == "val" ? 1 : name == "train" ? 2 : 3;
  };
  std::stable_sort(
      names.begin(), names.end(),
      [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return names;
}

std::vector<std::string> RunFiles::scored_splits() const {
  std::vector<std::string> names;
  if (!metrics.is_object()) return names;
  for (const auto& [name, value] : metrics.items())
    if (value.is_object() && value.contains("accuracy")) names.push_back(name);
  return split_order(std::move(names));
}

std::vector<double> RunFiles::history_column(std::string_view name) const {
  if (!history) return {};
  const auto& columns = history->columns;
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return {};
  std::vector<double> values;
  for (size_t row = 0; row < history->rows.size(); ++row) {
    const std::string& text = history->rows[row][found - columns.begin()];
    double value = std::numeric_limits<double>::quiet_NaN();
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (!text.empty() &&
        (error != std::errc() || end != text.data() + text.size())) {
      fail<DataError>(
          "[report] expected a number in column {} of row {}; got '{}' ({}). "
          "The file is damaged: restore it, or train again.",
          name, row + 1, text, (path / "history.csv").string());
    }
    values.push_back(value);
  }
  return values;
}

std::optional<BestEpoch> best_epoch(const RunFiles& run) {
  const std::vector<double> epochs = run.history_column("epoch");
  const auto at = [&](size_t row, std::string why) {
    return BestEpoch{row, static_cast<int>(epochs[row]), std::move(why)};
  };
  if (run.best.is_object() && run.best.contains("epoch") &&
      run.best["epoch"].is_number()) {
    const auto found = std::find(epochs.begin(), epochs.end(),
                                 run.best["epoch"].get<double>());
    if (found != epochs.end())
      return at(found - epochs.begin(), "checkpoints/best.json");
  }
  if (epochs.empty()) return std::nullopt;
  if (const auto row = extreme(run.history_column("val_accuracy"), true))
    return at(*row, "highest val_accuracy");
  if (const auto row = extreme(run.history_column("val_loss"), false))
    return at(*row, "lowest val_loss");
  return std::nullopt;
}

RunFiles read_run_files(const fs::path& run_dir) {
  check_is_run(run_dir);
  RunFiles run;
  run.path = run_dir;
  run.title = title_of(run_dir);
  if (fs::exists(run_dir / "config.yaml"))
    run.config = read_file(run_dir / "config.yaml");
  run.environment = read_json_if(run_dir / "environment.json");
  run.audit = read_json_if(run_dir / "audit.json");
  run.metrics = read_json_if(run_dir / "metrics.json");
  run.best = read_json_if(run_dir / "checkpoints" / "best.json");
  run.last = read_json_if(run_dir / "checkpoints" / "last.json");
  if (fs::exists(run_dir / "history.csv"))
    run.history = read_csv(run_dir / "history.csv");
  for (const auto& entry : fs::directory_iterator(run_dir)) {
    const auto split = split_of(entry.path(), "predictions-", ".csv");
    if (!split.empty()) run.predictions[split] = read_predictions(entry.path());
    const auto sampled = split_of(entry.path(), "samples-", ".json");
    if (!sampled.empty()) run.samples[sampled] = read_json(entry.path());
  }
  return run;
}

}  // namespace fer
