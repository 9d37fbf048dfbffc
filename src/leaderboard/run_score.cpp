#include "leaderboard/run_score.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "metrics/metrics_json.h"
#include "report/scored_hash.h"
#include "report/scores.h"
#include "stats/pairing.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Sums in another order, or another libm, move the last digits.
constexpr double kTolerance = 1e-10;

const Json& stored_scores(const RunFiles& run) {
  if (run.metrics.is_object() && run.metrics.contains("test") &&
      number(run.metrics["test"], "accuracy"))
    return run.metrics["test"];
  fail<DataError>(
      "[leaderboard] expected scores of the test split in metrics.json; got "
      "none ({}). Score it: `ferbench evaluate {} --split test`.",
      run.path.string(), run.path.string());
}

const Predictions& test_predictions(const RunFiles& run) {
  const auto found = run.predictions.find("test");
  if (found != run.predictions.end()) return found->second;
  fail<DataError>(
      "[leaderboard] expected predictions-test.csv; got none ({}). Score the "
      "run on its test split: `ferbench evaluate {} --split test`.",
      run.path.string(), run.path.string());
}

// Before the file is read as a table: a changed digit may also make a row that
// is no probability, and that message would miss the point. "" without a file.
std::string checked_hash(const fs::path& run_dir) {
  const fs::path path = run_dir / "predictions-test.csv";
  if (!fs::exists(path)) return "";
  const fs::path metrics = run_dir / "metrics.json";
  const auto changed = changed_predictions(
      run_dir, fs::exists(metrics) ? read_json(metrics) : Json(), "test");
  if (!changed) return sha256(read_file(path));
  fail<DataError>(
      "[leaderboard] expected the predictions that the run was scored from, "
      "SHA-256 {}...; got {}... ({}). The file was changed afterwards: restore "
      "it, or score the run again: `ferbench evaluate {} --split test`.",
      changed->scored.substr(0, 12), changed->found.substr(0, 12),
      path.string(), run_dir.string());
}

[[noreturn]] void refuse_score(const RunFiles& run, const std::string& key,
                               const Json& stored, const Json& computed) {
  fail<DataError>(
      "[leaderboard] expected {} = {} of metrics.json to follow from the "
      "predictions; got {} ({}). One of the two files was changed: restore it, "
      "or score the run again: `ferbench evaluate {} --split test`.",
      key, stored.dump(), computed.dump(),
      (run.path / "predictions-test.csv").string(), run.path.string());
}

bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number())
    return std::abs(a.get<double>() - b.get<double>()) <= kTolerance;
  return a == b;
}

// Keys that this version computes and the file has; a later version may store
// more, an older one less.
void check_scores(const RunFiles& run, const Json& stored, const Json& computed,
                  const std::string& prefix = "test") {
  for (const auto& [key, value] : computed.items()) {
    if (!stored.is_object() || !stored.contains(key)) continue;
    const std::string name = prefix + "." + key;
    const Json& old = stored[key];
    if (value.is_object()) {
      check_scores(run, old, value, name);
    } else if (value.is_array() && old.is_array() &&
               value.size() == old.size()) {
      for (size_t i = 0; i < value.size(); ++i)
        if (!same(old[i], value[i])) refuse_score(run, name, old, value);
    } else if (!same(old, value)) {
      refuse_score(run, name, old, value);
    }
  }
}

Json recompute(const Predictions& predictions, const Json& stored) {
  const auto zero_division = number(stored, "zero_division");
  return metrics_json(
      predictions, text(stored, "positive_class"),
      stored.contains("zero_division") ? zero_division.value_or(NAN) : 0.0);
}

void require_two_images(const RunFiles& run, const RunScore& score) {
  const auto [low, high] = std::ranges::minmax(score.groups);
  if (low != high) return;
  fail<DataError>(
      "[leaderboard] expected a test split of two or more different images; "
      "got one ({}). Nothing can be said from one image: use a larger split.",
      run.path.string());
}

}  // namespace

std::string test_set_digest(const Predictions& predictions) {
  std::vector<std::pair<std::string_view, int64_t>> rows;
  for (size_t i = 0; i < predictions.size(); ++i)
    rows.emplace_back(predictions.ids[i], predictions.labels[i]);
  std::ranges::sort(rows);
  // Lengths go first, so that no two lists of texts give the same bytes.
  Sha256 hash;
  for (const std::string& name : predictions.class_names)
    hash.update(fmt::format("{}:{}\n", name.size(), name));
  for (const auto& [id, label] : rows)
    hash.update(fmt::format("{}:{}={}\n", id.size(), id, label));
  return hash.hex();
}

RunScore read_run_score(const fs::path& run_dir) {
  RunScore score;
  score.path = run_dir;
  score.predictions_sha256 = checked_hash(run_dir);
  const RunFiles run = read_run_files(run_dir);
  const Json& stored = stored_scores(run);
  score.predictions = test_predictions(run);
  score.scores = recompute(score.predictions, stored);
  check_scores(run, stored, score.scores);
  score.origin = read_run_origin(run);
  score.test_set = test_set_digest(score.predictions);
  score.groups = row_groups(score.predictions, run.audit, "test");
  require_two_images(run, score);
  return score;
}

}  // namespace fer
