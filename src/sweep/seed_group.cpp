#include "sweep/seed_group.h"

#include <algorithm>
#include <set>

#include "config/config.h"
#include "config/extends.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kLargestSeed = 4294967295;

Member make_member(const fs::path& file, const std::string& name,
                   const fs::path& folder, std::vector<std::string> settings) {
  Member member{name, folder / name, load_config(file, settings).config,
                std::move(settings)};
  look_at(member, shown_metric(member.config));
  return member;
}

// One empty part where there is nothing to go over.
std::vector<std::string> seed_parts(const std::vector<int64_t>& seeds) {
  std::vector<std::string> parts;
  for (const int64_t seed : seeds) parts.push_back(std::to_string(seed));
  if (parts.empty()) parts.emplace_back();
  return parts;
}

std::vector<std::string> fold_parts(int folds) {
  std::vector<std::string> parts;
  for (int fold = 0; fold < folds; ++fold)
    parts.push_back(std::to_string(fold));
  if (parts.empty()) parts.emplace_back();
  return parts;
}

// All folds are scored as one, from their test predictions.
void require_test(const EvaluateConfig& evaluate) {
  if (std::ranges::count(evaluate.splits, "test") > 0) return;
  fail<ConfigError>(
      "[folds] expected test among evaluate.splits, to score all folds as "
      "one; got {}. Add it, or name one fold with data.split.fold.",
      evaluate.splits.empty() ? "none" : join(evaluate.splits, ", "));
}

}  // namespace

std::string shown_metric(const Config& config) {
  const auto& checkpoint = config.callbacks.model_checkpoint;
  const bool fits = checkpoint && checkpoint->monitor.starts_with("val_");
  return fits ? checkpoint->monitor : "val_loss";
}

std::vector<int64_t> chosen_seeds(const ExperimentConfig& experiment,
                                  int count) {
  std::vector<int64_t> seeds = experiment.seeds;
  if (count > 0) {
    seeds.clear();
    for (int i = 0; i < count; ++i) seeds.push_back(experiment.seed + i);
    if (seeds.back() > kLargestSeed) {
      fail<ConfigError>(
          "[seeds] expected seeds up to {}; got {} from experiment.seed = {} "
          "on. Set a smaller experiment.seed.",
          kLargestSeed, count, experiment.seed);
    }
  }
  std::set<int64_t> seen;
  for (const int64_t seed : seeds) {
    if (seen.insert(seed).second) continue;
    fail<ConfigError>(
        "[seeds] expected different seeds; got {} twice (experiment.seeds). "
        "Remove one: the same run again says nothing new.",
        seed);
  }
  return seeds;
}

int folds_to_run(const fs::path& file,
                 const std::vector<std::string>& overrides) {
  const SplitConfig split = load_config(file, overrides).config.data.split;
  if (split.protocol != Protocol::kKfold) return 0;
  Faults faults;
  YamlNode root = ExtendingLoader(faults).load(file);
  for (const std::string& text : overrides) apply_override(root, text, faults);
  const YamlNode* node = &root;
  for (const char* key : {"data", "split", "fold"}) {
    const YamlEntry* entry = node->find(key);
    if (!entry) return split.folds;
    node = &entry->value;
  }
  return 0;
}

SeedGroup make_seed_group(const fs::path& file,
                          const std::vector<std::string>& overrides,
                          const std::vector<int64_t>& seeds, int folds,
                          const fs::path& folder) {
  const Config config = load_config(file, overrides).config;
  if (folds > 0) require_test(config.evaluate);
  SeedGroup group{config.experiment.name, folder, seeds, folds, {}};
  if (folder.empty())
    group.folder = config.experiment.runs / config.experiment.name;
  for (const std::string& seed : seed_parts(seeds)) {
    for (const std::string& fold : fold_parts(folds)) {
      std::vector<std::string> settings = overrides;
      std::string name;
      // A member is one run: it must not become a group again.
      settings.push_back("experiment.seeds=[]");
      if (!seed.empty()) {
        settings.push_back("experiment.seed=" + seed);
        name = "seed-" + seed;
      }
      if (!fold.empty()) {
        settings.push_back("data.split.fold=" + fold);
        name += (name.empty() ? "fold-" : "/fold-") + fold;
      }
      group.members.push_back(
          make_member(file, name, group.folder, std::move(settings)));
    }
  }
  return group;
}

std::vector<fs::path> SeedGroup::scored() const {
  std::vector<fs::path> folders;
  if (folds == 0) {
    for (const Member& member : members) folders.push_back(member.run_dir);
    return folders;
  }
  for (const std::string& seed : seed_parts(seeds)) {
    folders.push_back((seed.empty() ? folder : folder / ("seed-" + seed)) /
                      "out_of_fold");
  }
  return folders;
}

}  // namespace fer
