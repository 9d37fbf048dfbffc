#include "leaderboard/place.h"

#include <algorithm>
#include <tuple>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Image size and channels equal, yet other pixels under the same ids and
// labels: not the same data set, whatever its name.
void check_data(const RunEntry& fresh, const std::vector<RunEntry>& entries) {
  for (const RunEntry& other : entries) {
    if (other.same_place(fresh) || other.dataset != fresh.dataset ||
        other.test_set != fresh.test_set ||
        other.image_shape != fresh.image_shape || other.fingerprint.empty() ||
        fresh.fingerprint.empty() || other.fingerprint == fresh.fingerprint)
      continue;
    fail<DataError>(
        "[leaderboard] expected the images of '{}' as in {} (fingerprint "
        "{}...); got other images under the same name, {}... ({}). They are "
        "two data sets: give the new file another name, or keep its runs in "
        "another results folder (experiment.results).",
        fresh.dataset, other.run, other.fingerprint.substr(0, 12),
        fresh.fingerprint.substr(0, 12), fresh.run);
  }
}

// Whether `key`, empty elsewhere, is a section with settings here.
bool fills(const std::map<std::string, std::string>& settings,
           const std::string& key) {
  const auto next = settings.lower_bound(key + ".");
  return next != settings.end() && next->first.starts_with(key + ".");
}

// "train.epochs 30, here 40", for settings that both runs have, and
// "model.weights off, here set" for sections that one of them left out.
std::vector<std::string> differences(
    const std::map<std::string, std::string>& there,
    const std::map<std::string, std::string>& here) {
  std::vector<std::string> different;
  for (const auto& [key, value] : here) {
    const auto found = there.find(key);
    if (found != there.end() && found->second != value)
      different.push_back(
          fmt::format("{} {}, here {}", key, found->second, value));
    if (found == there.end() && fills(there, key))
      different.push_back(key + " set, here off");
  }
  for (const auto& [key, value] : there)
    if (!here.contains(key) && fills(here, key))
      different.push_back(key + " off, here set");
  return different;
}

// A mean over seeds is one of the same thing done again.
void check_settings_of_seeds(const fs::path& results, const RunEntry& fresh,
                             const RunScore& score,
                             const std::vector<RunEntry>& entries) {
  for (const RunEntry& other : entries) {
    if (other.experiment != fresh.experiment ||
        other.protocol != fresh.protocol || other.dataset != fresh.dataset ||
        other.test_set != fresh.test_set || other.seed == fresh.seed)
      continue;
    const fs::path config = other.folder(results) / "config.yaml";
    if (score.origin.settings.empty() || !fs::exists(config)) continue;
    const auto different =
        differences(flat_settings(read_file(config), config.string()),
                    score.origin.settings);
    if (different.empty()) continue;
    fail<DataError>(
        "[leaderboard] expected {}, seed {}, with the settings of its seed {}; "
        "got another {}{} ({}). Name it otherwise (-s experiment.name=...), or "
        "take the old ones off: `ferbench leaderboard --remove {}`.",
        fresh.experiment, fresh.seed, other.seed, different.front(),
        different.size() == 1
            ? ""
            : fmt::format(" and {} more", different.size() - 1),
        fresh.run, fresh.experiment);
  }
}

void check_newer(const RunEntry& fresh, const RunEntry& old) {
  if (fresh.started >= old.started) return;  // ISO times sort as texts
  fail<DataError>(
      "[leaderboard] expected a newer run of {}, seed {}, than the one on the "
      "board, started {} ({}); got one started {} ({}). Take it all the same "
      "with --replace.",
      fresh.experiment, fresh.seed, old.started, old.run,
      fresh.started.empty() ? "at an unknown time" : fresh.started, fresh.run);
}

// The file does not depend on the order in which runs came.
auto order_of(const RunEntry& entry) {
  return std::tie(entry.experiment, entry.protocol, entry.dataset,
                  entry.test_set, entry.seed);
}

}  // namespace

AddOutcome place_run(const fs::path& results, std::vector<RunEntry>& entries,
                     const RunScore& score, const AddOptions& options) {
  RunEntry fresh = entry_of(results, score);
  check_data(fresh, entries);
  check_settings_of_seeds(results, fresh, score, entries);
  const auto old = std::ranges::find_if(
      entries, [&](const RunEntry& entry) { return entry.same_place(fresh); });
  AddOutcome outcome = AddOutcome::kAdded;
  if (old != entries.end()) {
    const bool same = old->predictions_sha256 == fresh.predictions_sha256;
    if (!same && !options.replace) check_newer(fresh, *old);
    if (same) fresh.added = old->added;
    outcome = same ? AddOutcome::kKept : AddOutcome::kReplaced;
  }
  // A folder that was listed as another run holds this one now.
  const size_t moved = std::erase_if(entries, [&](const RunEntry& entry) {
    return entry.run == fresh.run && !entry.same_place(fresh);
  });
  if (moved > 0) outcome = AddOutcome::kReplaced;
  std::erase_if(entries,
                [&](const RunEntry& entry) { return entry.same_place(fresh); });
  entries.push_back(std::move(fresh));
  std::ranges::stable_sort(entries, {}, order_of);
  return outcome;
}

}  // namespace fer
