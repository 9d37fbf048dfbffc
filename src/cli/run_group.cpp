#include "cli/run_group.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/many_runs.h"
#include "cli/results.h"
#include "sweep/folder_lock.h"
#include "sweep/out_of_fold.h"
#include "sweep/seed_group.h"
#include "train/interrupt.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

bool is_done(const Member& member) {
  return member.state == MemberState::kDone;
}

void write_group(const SeedGroup& group) {
  write_json(group.folder / "group.json", group_json(group));
}

// The members stand in blocks of `folds`, one block per scored folder.
void join_all_folds(const SeedGroup& group) {
  const std::vector<fs::path> scored = group.scored();
  for (size_t i = 0; i < scored.size() && group.folds > 0; ++i) {
    const auto count = static_cast<size_t>(group.folds);
    const auto first =
        group.members.begin() + static_cast<ptrdiff_t>(i * count);
    if (!std::all_of(first, first + group.folds, is_done)) continue;
    std::vector<fs::path> folds;
    for (size_t k = 0; k < count; ++k)
      folds.push_back(group.members[i * count + k].run_dir);
    join_folds(folds, scored[i], first->config.evaluate);
  }
}

std::string out_of_fold_text(const SeedGroup& group) {
  if (group.folds == 0 || !group.seeds.empty()) return "";
  const fs::path metrics = group.scored().front() / "metrics.json";
  if (!fs::exists(metrics)) return "";
  return fmt::format(
      "\n{} folds, each image predicted by the model that had "
      "not seen it\n{}",
      group.folds, results_text(read_json(metrics)));
}

void print_group(const SeedGroup& group, bool json) {
  const Json summary = group_json(group);
  if (json) {
    fmt::print("{}\n", json_text(summary));
    return;
  }
  fmt::print("{}{}\ngroup:  {}\n", out_of_fold_text(group),
             group.seeds.empty() ? "" : group_text(summary),
             (group.folder / "group.json").string());
}

bool run_members(SeedGroup& group, const GroupOptions& options) {
  const InterruptGuard interrupt;
  const Config& config = group.members.front().config;
  const ChildRecipe recipe = make_recipe(options.file, group.folder,
                                         options.device, shown_metric(config));
  LiveTable table(recipe.metric, options.quiet);
  MemberRunner runner(
      recipe,
      choose_slots(options.jobs,
                   device_kind(options.device, config.train.device)),
      table, &InterruptGuard::requested, [&group] { write_group(group); });
  std::vector<size_t> waiting;
  for (size_t i = 0; i < group.members.size(); ++i) {
    if (!is_done(group.members[i])) waiting.push_back(i);
  }
  return runner.run(group.members, waiting);
}

}  // namespace

int run_group(const GroupOptions& options, const std::vector<int64_t>& seeds,
              int folds) {
  const auto look = [&] {
    return make_seed_group(options.file, options.overrides, seeds, folds,
                           options.out);
  };
  SeedGroup group = look();
  if (!std::ranges::all_of(group.members, is_done))
    check_before_start(group.members, options.quiet);
  const FolderLock lock(group.folder);
  group = look();  // somebody may have been at work until now
  const bool finished = run_members(group, options);
  join_all_folds(group);
  write_group(group);
  if (finished) print_group(group, options.json);
  require_success(group.members, finished, group.folder / "logs");
  return 0;
}

}  // namespace fer
