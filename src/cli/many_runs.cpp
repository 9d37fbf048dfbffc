#include "cli/many_runs.h"

#include <cstdlib>
#include <set>

#include "cli/verbs.h"
#include "core/error.h"
#include "core/text.h"
#include "data/audit.h"
#include "data/source.h"
#include "data/trained_on.h"
#include "eval/evaluate.h"
#include "report/report.h"
#include "train/device.h"
#include "train/trainer.h"
#include "vision/image.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (!value) return std::nullopt;
  return value;
}

}  // namespace

void add_jobs_option(CLI::App& verb, int& jobs) {
  verb.add_option("--jobs", jobs,
                  "Runs at once (default: one per GPU, else one per 4 cores)")
      ->check(CLI::Range(1, 1024));
}

std::vector<Slot> choose_slots(int jobs, DeviceKind device) {
  std::vector<std::string> gpus;
  if (choose_device(device).is_cuda())
    gpus = usable_gpus(variable("CUDA_VISIBLE_DEVICES"));
  const std::vector<int> cores = usable_cores();
  if (jobs == 0) jobs = default_jobs(cores.size(), gpus.size());
  return make_slots(jobs, cores, gpus);
}

ChildRecipe make_recipe(const std::string& experiment, const fs::path& folder,
                        const std::string& device, const std::string& metric) {
  ChildRecipe recipe{fs::read_symlink("/proc/self/exe"),
                     experiment,
                     {},
                     folder / "logs",
                     metric};
  if (!device.empty()) recipe.options = {"--device", device};
  return recipe;
}

Split make_checked_split(const ImageSet& images, const Config& config) {
  Split split = make_split(images, config.data);
  const Twins twins = cached_twins(images, config.data);
  const Protocol protocol = config.data.split.protocol;
  refuse_leak(audit_images(images, split, twins), protocol);
  refuse_seen(weights_overlap(images, split, twins, config), protocol);
  return split;
}

void require_tools(const ReportConfig& report) {
  if (report.figures) require_figures();
  if (report.samples > 0 && vision_version() == "none") {
    fail<ConfigError>(
        "[run] expected OpenCV for sample pictures; got a build without it. "
        "Set report.samples=0, or build with -DFERBENCH_OPENCV=ON.");
  }
}

void check_before_start(const std::vector<Member>& members, bool quiet) {
  Config config = members.front().config;
  require_tools(config.report);
  const ImageSet images = load_images(config.data, quiet);
  std::set<int> seen;
  for (const Member& member : members) {
    if (!seen.insert(member.config.data.split.fold).second) continue;
    const Split split = make_checked_split(images, member.config);
    config.train.device = DeviceKind::kCpu;  // a GPU's memory is the children's
    if (seen.size() == 1) Trainer(config, images, split, "", /*quiet=*/true);
  }
}

void require_success(const std::vector<Member>& members, bool finished,
                     const fs::path& logs) {
  std::vector<std::string> failed, interrupted;
  for (const Member& member : members) {
    if (member.state == MemberState::kFailed)
      failed.push_back(fmt::format("{} ({})", member.name, member.fault));
    if (member.state == MemberState::kInterrupted)
      interrupted.push_back(member.name);
  }
  if (!finished || !interrupted.empty()) {
    fail<Interrupted>(
        "[runs] interrupted; what had begun is saved. Go on with the same "
        "command: {}",
        command_line());
  }
  if (failed.empty()) return;
  fail<Error>(
      "[runs] expected {} runs to end well; got {} that failed: {} ({}). See "
      "the logs; the same command tries these again.",
      members.size(), failed.size(), join(failed, ", "), logs.string());
}

}  // namespace fer
