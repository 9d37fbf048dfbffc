// Shares of the machine: what one of several child processes may use.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fer {

struct Slot {
  std::vector<int> cores;  ///< processors it is bound to; empty: not bound
  std::string gpu;         ///< its CUDA_VISIBLE_DEVICES; empty: left as it is
};

/// Processors that this process may run on, in order.
std::vector<int> usable_cores();

/// Names of the GPUs for CUDA_VISIBLE_DEVICES: those of `visible` (the variable
/// itself; "-1" and "" hide all), without one "0", "1", ... for each file
/// nvidia<n> in `devices`.
std::vector<std::string> usable_gpus(
    const std::optional<std::string>& visible,
    const std::filesystem::path& devices = "/dev");

/// One job per GPU; without GPUs one per four cores. At least one.
int default_jobs(size_t cores, size_t gpus);

/// `jobs` >= 1 slots: neighbouring cores shared out evenly (the first slots get
/// one more where it does not come out even), GPUs in turn. With more jobs than
/// cores each slot has one core, which it shares.
std::vector<Slot> make_slots(int jobs, const std::vector<int>& cores,
                             const std::vector<std::string>& gpus);

}  // namespace fer
