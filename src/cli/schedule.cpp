#include <fmt/core.h>

#include <memory>

#include "callbacks/learning_rate_schedule.h"
#include "cli/experiment_options.h"
#include "cli/verbs.h"
#include "core/text.h"

namespace fer {
namespace {

int schedule(const ExperimentOptions& options, bool json) {
  const Config config = options.load();
  std::vector<std::vector<std::string>> rows = {{"epoch", "learning_rate"}};
  Json values = Json::array();
  for (int epoch = 1; epoch <= config.train.epochs; ++epoch) {
    const double rate =
        scheduled_learning_rate(config.schedule, config.optimizer.learning_rate,
                                config.train.epochs, epoch);
    rows.push_back({std::to_string(epoch), fmt::format("{:.6g}", rate)});
    values.push_back(rate);
  }
  fmt::print("{}", json ? values.dump() + "\n" : format_table(rows));
  return 0;
}

}  // namespace

void add_schedule(CLI::App& app, Action& action) {
  auto options = std::make_shared<ExperimentOptions>();
  auto json = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand(
      "schedule", "Print an experiment's learning rate over the epochs");
  verb->footer("Example: ferbench schedule experiments/demo.yaml");
  options->add_to(*verb);
  verb->add_flag("--json", *json, "Print a JSON array");
  verb->callback([options, json, &action] {
    action = [options, json] { return schedule(*options, *json); };
  });
}

}  // namespace fer
