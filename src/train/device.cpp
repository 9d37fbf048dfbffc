#include "train/device.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <malloc.h>

#include <limits>
#include <thread>

#include "core/error.h"
#include "cuda/backend.h"

namespace fer {

torch::Device choose_device(DeviceKind kind) {
  if (kind == DeviceKind::kCpu) return torch::kCPU;
  const CudaStatus cuda = load_cuda();
  if (cuda.available) return {torch::kCUDA, 0};
  if (kind == DeviceKind::kAuto) return torch::kCPU;
  fail<ConfigError>(
      "[device] expected a CUDA device; got none: {} (train.device). Use "
      "--device cpu, or see `ferbench doctor`.",
      cuda.reason);
}

void prepare_process(const TrainConfig& config) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  at::set_num_threads(config.threads > 0 ? config.threads : std::max(1, cores));
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(config.deterministic, /*warn_only=*/true);
  // Nothing here reads fresh memory, and filling it costs two thirds of a step.
  context.setDeterministicFillUninitializedMemory(false);
  context.setDeterministicCuDNN(config.deterministic);
  context.setBenchmarkCuDNN(!config.deterministic);
  // A training step frees and takes the same large blocks again and again:
  // keep them, page faults cost about 6 % of a step.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 512 << 20);
}

std::string describe_device(const torch::Device& device) {
  if (device.is_cuda()) return load_cuda().device_name;
  const int threads = at::get_num_threads();
  return fmt::format("CPU, {} thread{}", threads, threads == 1 ? "" : "s");
}

void wait_for(const torch::Device& device) {
  if (device.is_cuda()) at::accelerator::synchronizeDevice(device.index());
}

Autocast::Autocast(const torch::Device& device, Precision precision)
    : device_(device.type()), on_(precision == Precision::kBf16) {
  if (!on_) return;
  before_ = at::autocast::is_autocast_enabled(device_);
  dtype_before_ = at::autocast::get_autocast_dtype(device_);
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::set_autocast_dtype(device_, torch::kBFloat16);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (!on_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, before_);
  at::autocast::set_autocast_dtype(device_, dtype_before_);
}

}  // namespace fer
