#include "train/version.h"

#include <fmt/core.h>
#include <torch/version.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "cuda/backend.h"
#include "train/build_info.h"
#include "vision/image.h"

namespace fer {
namespace {

// The value of the first line "key : value" of a /proc file.
std::string proc_value(const char* path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const size_t colon = line.find(':');
    const size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "unknown";
}

std::string cuda_version() {
  const CudaStatus& cuda = load_cuda();
  if (!cuda.built) return "not built";
  return cuda.available ? cuda.version
                        : std::string(kCudaCompiler) + " (no GPU here)";
}

}  // namespace

std::string processor_name() {
  return proc_value("/proc/cpuinfo", "model name");
}

std::string processor_features() {
  std::istringstream flags(proc_value("/proc/cpuinfo", "flags"));
  std::string found;
  for (std::string flag; flags >> flag;) {
    for (const char* wanted :
         {"avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16"}) {
      if (flag == wanted) found += (found.empty() ? "" : " ") + flag;
    }
  }
  return found.empty() ? "none of avx2, fma, avx512f, avx512_bf16, avx512_vnni"
                       : found;
}

Json version_json() {
  const std::string memory = proc_value("/proc/meminfo", "MemTotal");
  return {{"version", kVersion},
          {"commit", kCommit},
          {"compiler", kCompiler},
          {"torch", TORCH_VERSION},
          {"cuda", cuda_version()},
          {"opencv", vision_version()},
          {"processor", processor_name()},
          {"cpu_features", processor_features()},
          {"cores", std::thread::hardware_concurrency()},
          {"memory_gib", std::strtoll(memory.c_str(), nullptr, 10) >> 20}};
}

std::string version_line() {
  return fmt::format("ferbench {} (commit {}, torch {}, CUDA {}, {})", kVersion,
                     kCommit, TORCH_VERSION, cuda_version(), kCompiler);
}

}  // namespace fer
