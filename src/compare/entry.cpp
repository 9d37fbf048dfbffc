#include "compare/entry.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "report/run_files.h"
#include "report/scored_hash.h"
#include "report/scores.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Folders seed-<n> below `path`, by seed, then name.
std::vector<fs::path> seed_folders(const fs::path& path) {
  std::vector<fs::path> folders;
  if (!fs::is_directory(path)) return folders;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_directory() &&
        entry.path().filename().string().starts_with("seed-"))
      folders.push_back(entry.path());
  }
  const auto by_seed = [](const fs::path& folder) {
    const std::string name = folder.filename().string();
    return std::pair(name.size(), name);
  };
  std::sort(folders.begin(), folders.end(),
            [&](const fs::path& a, const fs::path& b) {
              return by_seed(a) < by_seed(b);
            });
  return folders;
}

std::string predictions_name(const std::string& split) {
  return "predictions-" + split + ".csv";
}

// "42" of seed-42 and seed-42-2, unless metrics.json says it.
std::string seed_of(const fs::path& folder, const Json& metrics) {
  if (const auto seed = number(metrics, "seed"))
    return fmt::format("{:.0f}", *seed);
  const std::string name = folder.filename().string();
  const size_t start = std::string("seed-").size();
  if (!name.starts_with("seed-")) return name;
  return name.substr(start, name.find('-', start) - start);
}

void check_hash(const RunFiles& run, const std::string& split) {
  const auto changed = changed_predictions(run.path, run.metrics, split);
  if (!changed) return;
  fail<DataError>(
      "[compare] expected the predictions that metrics.json was scored from "
      "(SHA-256 {}...); got others ({}..., {}). Score the run again: "
      "`ferbench evaluate`.",
      changed->scored.substr(0, 12), changed->found.substr(0, 12),
      (run.path / predictions_name(split)).string());
}

// The scores of the split, or null.
Json scores_of(const RunFiles& run, const std::string& split) {
  return run.metrics.is_object() && run.metrics.contains(split)
             ? run.metrics[split]
             : Json();
}

std::string protocol_of(const RunFiles& run) {
  const std::string protocol = text(run.metrics, "protocol");
  if (protocol.empty()) {
    fail<DataError>(
        "[compare] expected the protocol in metrics.json; got none ({}). "
        "`ferbench evaluate` writes it.",
        run.path.string());
  }
  return protocol;
}

void add_leak(const Json& metrics, CompareEntry& entry) {
  if (!metrics.contains("leaky") || metrics["leaky"] != Json(true)) return;
  entry.leaky = true;
  if (const auto share = number(metrics, "leaky_share"))
    entry.leaky_share = std::max(*share, entry.leaky_share.value_or(0));
}

void add_run(const RunFiles& run, const std::string& split,
             CompareEntry& entry) {
  check_hash(run, split);
  const std::string protocol = protocol_of(run);
  if (!entry.folders.empty() && protocol != entry.protocol) {
    fail<DataError>(
        "[compare] expected one protocol for all seeds; got {} and {} ({}). "
        "Name the runs one by one.",
        entry.protocol, protocol, run.path.string());
  }
  const Json scores = scores_of(run, split);
  entry.protocol = protocol;
  entry.folders.push_back(run.path);
  entry.predictions.push_back(run.predictions.at(split));
  entry.positive_class = text(scores, "positive_class");
  entry.zero_division = number(scores, "zero_division").value_or(0);
  if (entry.audit.is_null()) entry.audit = run.audit;
  add_leak(run.metrics, entry);
}

CompareEntry single_entry(const fs::path& folder, const std::string& split) {
  const RunFiles run = read_run_files(folder);
  if (!run.predictions.contains(split)) {
    fail<DataError>(
        "[compare] expected {}; got a run without it ({}). Score it first: "
        "`ferbench evaluate RUN --split {}`.",
        predictions_name(split), folder.string(), split);
  }
  CompareEntry entry;
  entry.name = run.title;
  add_run(run, split, entry);
  return entry;
}

CompareEntry group_entry(const fs::path& path,
                         const std::vector<fs::path>& folders,
                         const std::string& split) {
  CompareEntry entry;
  entry.name = fs::absolute(path / "x")
                   .lexically_normal()
                   .parent_path()
                   .filename()
                   .string();
  std::map<std::string, std::string> seen;
  for (const fs::path& folder : folders) {
    const std::string name = folder.filename().string();
    if (!fs::exists(folder / predictions_name(split))) {
      entry.notes.push_back(fmt::format("{}/{} has no {} and is left out.",
                                        entry.name, name,
                                        predictions_name(split)));
      continue;
    }
    const RunFiles run = read_run_files(folder);
    const auto [at, fresh] = seen.emplace(seed_of(folder, run.metrics), name);
    if (!fresh) {
      fail<DataError>(
          "[compare] expected every seed once; got seed {} in {} and {} ({}). "
          "Name the runs one by one, or move one away.",
          at->first, at->second, name, path.string());
    }
    add_run(run, split, entry);
  }
  if (entry.folders.empty()) {
    fail<DataError>(
        "[compare] expected {} in at least one of {} seed folders; got none "
        "({}). Score them first: `ferbench evaluate`.",
        predictions_name(split), folders.size(), path.string());
  }
  return entry;
}

}  // namespace

std::string marked_name(const CompareEntry& entry) {
  if (!entry.leaky) return entry.name;
  return entry.leaky_share ? fmt::format("{} (leaky {:.1f} %)", entry.name,
                                         100 * *entry.leaky_share)
                           : entry.name + " (leaky)";
}

CompareEntry read_entry(const fs::path& path, const std::string& split) {
  const auto folders = seed_folders(path);
  const fs::path folds = path / "out_of_fold";
  CompareEntry entry = !folders.empty() ? group_entry(path, folders, split)
                       : fs::is_directory(folds) ? single_entry(folds, split)
                                                 : single_entry(path, split);
  if (folders.empty() && fs::is_directory(folds))
    entry.name = fs::absolute(folds)
                     .lexically_normal()
                     .parent_path()
                     .filename()
                     .string() +
                 ", all folds";
  entry.path = path;
  return entry;
}

}  // namespace fer
