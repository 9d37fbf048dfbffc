#include "bench/memory.h"

#include <ATen/DeviceAccelerator.h>
#include <sys/resource.h>

namespace fer {

int64_t peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{1024} * usage.ru_maxrss;  // KiB on Linux
}

int64_t peak_gpu_bytes(const torch::Device& device) {
  if (!device.is_cuda()) return 0;
  const auto stats = at::accelerator::getDeviceStats(device.index());
  return stats.allocated_bytes[0].peak;  // [0]: all pools together
}

}  // namespace fer
