#include "sweep/run_state.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/config.h"
#include "config/metric_direction.h"
#include "core/csv.h"
#include "core/error.h"
#include "core/json.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

double number(const std::string& text, const fs::path& path) {
  if (text.empty()) return std::nan("");  // not measured
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  fail<DataError>("[runs] expected numbers; got '{}' ({}).", text,
                  path.string());
}

bool better(double a, std::optional<double> b, Direction direction) {
  if (std::isnan(a)) return false;
  return !b || (direction == Direction::kMin ? a < *b : a > *b);
}

void read_history(const fs::path& path, const std::string& metric,
                  int until_epoch, RunState& state) {
  const CsvTable table = read_csv(path);
  const size_t epoch = table.column("epoch"), value = table.column(metric),
               seconds = table.column("seconds");
  const Direction direction =
      metric_direction(metric).value_or(Direction::kMax);
  for (const auto& row : table.rows) {
    state.epoch = static_cast<int>(number(row[epoch], path));
    const double spent = number(row[seconds], path);
    state.seconds += std::isnan(spent) ? 0 : spent;
    if (until_epoch > 0 && state.epoch > until_epoch) continue;
    const double v = number(row[value], path);
    if (!better(v, state.best, direction)) continue;
    state.best = v;
    state.best_epoch = state.epoch;
  }
}

bool is_complete(const fs::path& run_dir, const Config& config) {
  const fs::path last = run_dir / "checkpoints/last.json";
  const fs::path metrics = run_dir / "metrics.json";
  if (!fs::exists(last) || !fs::exists(metrics)) return false;
  const Json state = read_json(last);
  if (state.value("epoch", 0) < config.train.epochs &&
      state.value("stop_reason", "").empty())
    return false;
  const Json scores = read_json(metrics);
  const bool scored = std::ranges::all_of(
      config.evaluate.splits,
      [&](const auto& split) { return scores.contains(split); });
  return scored && (!config.report.html || fs::exists(run_dir / "report.html"));
}

}  // namespace

RunState read_run_state(const fs::path& run_dir, const Config& config,
                        const std::string& metric, int until_epoch) {
  RunState state;
  state.begun = fs::exists(run_dir / "config.yaml");
  if (!state.begun) return state;
  const fs::path history = run_dir / "history.csv";
  if (fs::exists(history)) read_history(history, metric, until_epoch, state);
  state.complete = is_complete(run_dir, config);
  return state;
}

void clear_unborn(const fs::path& run_dir) {
  std::error_code error;
  if (fs::exists(run_dir / "config.yaml", error)) return;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(run_dir, error)) {
    if (entry.path().filename().string().starts_with("config.yaml.tmp"))
      found.push_back(entry.path());
  }
  for (const fs::path& path : found) fs::remove(path, error);
}

std::vector<std::string> changed_settings(const fs::path& run_dir,
                                          Config asked) {
  const Config began = load_config(run_dir / "config.yaml").config;
  asked.train.device = began.train.device;
  asked.train.threads = began.train.threads;
  asked.experiment.seeds = began.experiment.seeds;
  asked.experiment.runs = began.experiment.runs;
  asked.data.cache = began.data.cache;
  return different_settings(asked, began);
}

}  // namespace fer
