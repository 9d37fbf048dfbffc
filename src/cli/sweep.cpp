#include "sweep/sweep.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "cli/experiment_options.h"
#include "cli/many_runs.h"
#include "cli/verbs.h"
#include "sweep/folder_lock.h"
#include "train/interrupt.h"

namespace fer {
namespace {

struct SweepOptions {
  std::string file, out, device;
  std::vector<std::string> overrides;
  int jobs = 0;
  bool quiet = false, json = false, dry_run = false;
};

bool run_trials(Sweep& sweep, const SweepPlan& plan,
                const SweepOptions& options) {
  const InterruptGuard interrupt;
  LiveTable table(plan.config.metric, options.quiet);
  MemberRunner runner(
      make_recipe(plan.config.experiment.string(), sweep.folder(),
                  options.device, plan.config.metric),
      choose_slots(options.jobs,
                   device_kind(options.device, sweep.base().train.device)),
      table, &InterruptGuard::requested, [&sweep] { sweep.write_csv(); });
  return sweep.run(runner);
}

int sweep(const SweepOptions& options) {
  const SweepPlan plan = load_sweep(options.file);
  const auto look = [&] { return Sweep(plan, options.overrides, options.out); };
  Sweep trials = look();
  if (options.dry_run) {
    fmt::print("{}dry run passed: nothing was written\n", trials.plan_text());
    return 0;
  }
  const bool whole = std::ranges::all_of(
      trials.members(),
      [](const Member& member) { return member.state == MemberState::kDone; });
  if (!whole) check_before_start({trials.members().front()}, options.quiet);
  const FolderLock lock(trials.folder());
  trials = look();  // somebody may have been at work until now
  const bool finished = run_trials(trials, plan, options);
  if (finished && options.json) {
    fmt::print("{}\n", json_text(trials.json()));
  } else if (finished) {
    fmt::print("{}", trials.text());
  }
  require_success(trials.members(), finished, trials.folder() / "logs");
  return 0;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* verb = app.add_subcommand(
      "sweep", "Search the settings of an experiment, hopeless trials stopped");
  verb->footer("Example: ferbench sweep sweeps/demo.yaml --jobs 2");
  verb->add_option("SWEEP", options->file, "Sweep file (YAML)")->required();
  verb->add_option("-s,--set", options->overrides,
                   "Change a setting of every trial (may be repeated)")
      ->allow_extra_args(false);
  verb->add_option(
      "--out", options->out,
      "Folder of the trials (default: <runs>/<name of the sweep>)");
  add_jobs_option(*verb, options->jobs);
  add_device_option(*verb, options->device);
  verb->add_flag("--dry-run", options->dry_run,
                 "Print the trials, train nothing");
  verb->add_flag("--json", options->json, "Print the result as JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback(
      [options, &action] { action = [options] { return sweep(*options); }; });
}

}  // namespace fer
