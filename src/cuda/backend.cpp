#include "cuda/backend.h"

#include <dlfcn.h>
#include <unistd.h>

#include <filesystem>

#include "cuda/module.h"

namespace fer {
namespace {

constexpr const char* kModule = "libferbench_cuda.so";

const CudaModule* functions = nullptr;  // set by load()

// Beside the program or above it (build tree: tests/cuda/gpu_test), or in
// ../lib (installed).
std::filesystem::path module_path() {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  const auto folder = program.parent_path(), above = folder.parent_path();
  for (const auto& place : {folder, above, above.parent_path()})
    if (std::filesystem::exists(place / kModule)) return place / kModule;
  return above / "lib" / kModule;
}

CudaStatus load() {
  CudaStatus status{.built = true};
  if (!dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL)) {
    status.reason = "no NVIDIA driver (libcuda.so.1) on this machine";
    return status;
  }
  // RTLD_GLOBAL: torch's CUDA kernels register themselves for the whole
  // process.
  void* module = dlopen(module_path().c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!module) {
    status.reason = dlerror();
    return status;
  }
  const auto table =
      reinterpret_cast<const CudaModule* (*)()>(dlsym(module, kCudaModule));
  if (!table) {
    status.reason = dlerror();
    return status;
  }
  functions = table();
  CudaModuleInfo info;
  functions->query(&info);
  status.available = info.devices > 0;
  status.device_name = info.device_name;
  status.version = std::to_string(info.runtime_version / 1000) + "." +
                   std::to_string(info.runtime_version % 1000 / 10);
  if (!status.available) status.reason = info.error;
  return status;
}

}  // namespace

const CudaStatus& load_cuda() {
  static const CudaStatus status = load();
  return status;
}

const CudaModule& cuda_module() {
  load_cuda();
  return *functions;
}

}  // namespace fer
