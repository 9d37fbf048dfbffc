#include "cli/experiment_options.h"

#include "cli/verbs.h"
#include "core/text.h"

namespace fer {
namespace {
std::string typed;
}  // namespace

void set_command_line(int argc, char** argv) {
  std::vector<std::string> words = {"ferbench"};
  for (int i = 1; i < argc; ++i) words.emplace_back(argv[i]);
  typed = join(words, " ");
}

std::string command_line() { return typed; }

void ExperimentOptions::add_to(CLI::App& verb) {
  verb.add_option("EXPERIMENT", file, "Experiment file (YAML)")->required();
  verb.add_option("-s,--set", overrides,
                  "Change a setting: -s train.epochs=3 (may be repeated)")
      ->allow_extra_args(false);
  verb.add_flag("--quiet", quiet, "Print results and errors only");
}

Config ExperimentOptions::load() const {
  return load_config(file, overrides).config;
}

void add_device_option(CLI::App& verb, std::string& device) {
  verb.add_option("--device", device,
                  "auto, cpu or cuda (default: train.device)")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}));
}

DeviceKind device_kind(const std::string& device, DeviceKind fallback) {
  if (device == "auto") return DeviceKind::kAuto;
  if (device == "cpu") return DeviceKind::kCpu;
  if (device == "cuda") return DeviceKind::kCuda;
  return fallback;
}

}  // namespace fer
