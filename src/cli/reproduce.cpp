#include <fmt/core.h>

#include <memory>
#include <vector>

#include "cli/verbs.h"
#include "config/environment.h"
#include "core/error.h"
#include "core/json.h"
#include "reproduce/page.h"
#include "reproduce/tables.h"
#include "sweep/process_pool.h"
#include "train/interrupt.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

struct Options {
  ReproduceOptions of;
  bool run = false, json = false, quiet = false;
};

/// Where the runs are looked for afterwards.
std::string runs_setting(const fs::path& runs) {
  return "experiment.runs=" + json_text(escape_environment(runs.string()));
}

/// One `ferbench run FILE --seeds N` to its end; its words go to a log.
void run_experiment(const fs::path& file, const Options& options) {
  const fs::path log =
      options.of.runs / ("reproduce-" + file.stem().string() + ".log");
  fs::create_directories(options.of.runs);
  ProcessPool pool({Slot{}});
  pool.start({file.string(),
              {fs::read_symlink("/proc/self/exe").string(), "run",
               file.string(), "--seeds", std::to_string(kReproducedSeeds), "-s",
               runs_setting(options.of.runs)},
              log});
  fmt::print(stderr, "running {} (log: {})\n", file.string(), log.string());
  while (!pool.idle()) {
    for (const ChildEnd& end : pool.wait(1)) {
      if (end.exit_code != 0) {
        fmt::print(stderr, "{} ended with {}: see {}\n", file.string(),
                   describe_end(end), log.string());
      }
    }
    if (InterruptGuard::requested()) pool.stop_all();
  }
}

/// Runs what is missing and can run, one after the other: each spreads its
/// seeds over the machine itself. One that fails costs its own cells only.
void run_missing(const Options& options) {
  const InterruptGuard guard;
  for (const Missing& missing : reproduce(options.of).missing) {
    if (missing.experiment_file.empty() || !missing.needs.empty()) continue;
    run_experiment(missing.experiment_file, options);
    if (InterruptGuard::requested()) {
      fail<Interrupted>(
          "[reproduce] interrupted; the runs keep their state. Start "
          "`ferbench reproduce --run` again to go on.");
    }
  }
}

int show(const Options& options) {
  if (options.run) run_missing(options);
  const Reproduction reproduction = reproduce(options.of);
  write_reproduction(options.of.results, reproduction);
  if (options.json) {
    fmt::print("{}\n", json_text(reproduction_json(reproduction)));
    return 0;
  }
  if (!options.quiet) fmt::print("{}\n", reproduction_text(reproduction));
  for (const char* name : {"reproduction.md", "reproduction.html"})
    fmt::print("written: {}\n", (options.of.results / name).string());
  return 0;
}

void add_folders(CLI::App& verb, ReproduceOptions& of) {
  verb.add_option("--results", of.results,
                  "Folder of kept runs; the tables are written here")
      ->capture_default_str();
  verb.add_option("--runs", of.runs, "Folder of further runs")
      ->capture_default_str();
  verb.add_option("--published", of.published,
                  "Folder of published numbers (default: RESULTS/published)");
}

}  // namespace

void add_reproduce(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "reproduce", "Published tables beside what the stored runs give");
  verb->footer("Example: ferbench reproduce --results results --runs runs");
  add_folders(*verb, options->of);
  verb->add_option("--resamples", options->of.resamples,
                   "Bootstrap resamples per interval")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  verb->add_flag("--run", options->run, "Run what is missing first");
  verb->add_flag("--json", options->json, "Print the cells as JSON");
  verb->add_flag("--quiet", options->quiet, "Print the paths only");
  verb->callback(
      [options, &action] { action = [options] { return show(*options); }; });
}

}  // namespace fer
