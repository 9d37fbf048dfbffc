#include "sweep/slots.h"

#include <sched.h>

#include <algorithm>
#include <cctype>

#include "core/text.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

bool is_gpu_file(const std::string& name) {
  const std::string prefix = "nvidia";
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         std::all_of(name.begin() + static_cast<ptrdiff_t>(prefix.size()),
                     name.end(), [](unsigned char c) { return isdigit(c); });
}

size_t count_gpu_files(const fs::path& devices) {
  std::error_code error;
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(devices, error)) {
    count += is_gpu_file(entry.path().filename().string()) ? 1 : 0;
  }
  return count;
}

}  // namespace

std::vector<int> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return {0};
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) cores.push_back(i);
  }
  return cores;
}

std::vector<std::string> usable_gpus(const std::optional<std::string>& visible,
                                     const fs::path& devices) {
  std::vector<std::string> gpus;
  if (!visible) {
    const size_t count = count_gpu_files(devices);
    for (size_t i = 0; i < count; ++i) gpus.push_back(std::to_string(i));
    return gpus;
  }
  for (std::string name : split(*visible, ',')) {
    std::erase(name, ' ');
    // CUDA itself takes the list up to the first name that is none.
    if (name.empty() || name.starts_with('-')) break;
    gpus.push_back(name);
  }
  return gpus;
}

int default_jobs(size_t cores, size_t gpus) {
  if (gpus > 0) return static_cast<int>(gpus);
  return static_cast<int>(std::max<size_t>(1, cores / 4));
}

std::vector<Slot> make_slots(int jobs, const std::vector<int>& cores,
                             const std::vector<std::string>& gpus) {
  const auto count = static_cast<size_t>(std::max(1, jobs));
  std::vector<Slot> slots(count);
  size_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!gpus.empty()) slots[i].gpu = gpus[i % gpus.size()];
    if (cores.empty()) continue;
    size_t share = cores.size() / count + (i < cores.size() % count ? 1 : 0);
    if (count > cores.size()) share = 1;
    for (size_t k = 0; k < share; ++k)
      slots[i].cores.push_back(cores[next++ % cores.size()]);
  }
  return slots;
}

}  // namespace fer
