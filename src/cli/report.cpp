#include "report/report.h"

#include <fmt/core.h>

#include <memory>

#include "cli/results.h"
#include "cli/verbs.h"
#include "train/run_folder.h"

namespace fer {
namespace {

struct ReportOptions {
  std::string run;
  bool json = false, quiet = false;
};

int report(const ReportOptions& options) {
  const RunFolder run = RunFolder::open(options.run);
  write_report(run.path());
  const auto path = run.path() / "metrics.json";
  if ((options.json || !options.quiet) && std::filesystem::exists(path)) {
    const Json metrics = read_json(path);
    fmt::print(
        "{}", options.json ? json_text(metrics) + "\n" : results_text(metrics));
  }
  if (!options.json)
    fmt::print("report: {}\n", (run.path() / "report.html").string());
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* verb =
      app.add_subcommand("report", "Draw a run's figures and page again");
  verb->footer("Example: ferbench report runs/demo/seed-42");
  verb->add_option("RUN_DIR", options->run, "Run folder")->required();
  verb->add_flag("--json", options->json,
                 "Print metrics.json instead of tables");
  verb->add_flag("--quiet", options->quiet, "Print the path of the page only");
  verb->callback(
      [options, &action] { action = [options] { return report(*options); }; });
}

}  // namespace fer
