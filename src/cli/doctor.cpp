#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "cli/verbs.h"
#include "core/text.h"
#include "cuda/backend.h"
#include "train/version.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

enum class State { kOk, kMissing, kNote };

struct Finding {
  State state;
  std::string what, found, advice;
};

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path ? path : "", ':')) {
    if (access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Finding program(const std::string& name, const std::string& package) {
  if (on_path(name)) return {State::kOk, name, "found on PATH", ""};
  return {State::kMissing, name, "not on PATH", "apt-get install " + package};
}

Finding gpu() {
  const CudaStatus& cuda = load_cuda();
  if (cuda.available) {
    return {State::kOk, "GPU", cuda.device_name + ", CUDA " + cuda.version, ""};
  }
  return {
      State::kNote, "GPU", cuda.reason,
      cuda.built
          ? "training runs on the CPU; for a GPU install NVIDIA's driver and "
            "run scripts/setup.sh again"
          : "training runs on the CPU; for a GPU install nvcc and build again"};
}

Finding data_folder() {
  const char* named = std::getenv("FERBENCH_DATA");
  const fs::path folder = named && *named ? named : "data";
  const fs::path archive = folder / "fer2013.tar.gz";
  if (fs::exists(archive)) return {State::kOk, "FER2013", archive.string(), ""};
  return {State::kNote, "FER2013", "no " + archive.string(),
          "put fer2013.tar.gz into data/ or set FERBENCH_DATA; the demo needs "
          "none"};
}

Finding disk() {
  std::error_code error;
  const auto space = fs::space(fs::current_path(), error);
  const double gib = static_cast<double>(space.available) / (1 << 30);
  const std::string found = fmt::format("{:.1f} GiB free here", gib);
  if (gib >= 2) return {State::kOk, "disk", found, ""};
  return {State::kMissing, "disk", found, "free 2 GiB: checkpoints and caches"};
}

Finding precision(const Json& version) {
  const auto features = version.at("cpu_features").get<std::string>();
  if (features.find("avx512_bf16") != std::string::npos) {
    return {State::kOk, "CPU features", features, ""};
  }
  return {State::kNote, "CPU features", features,
          "no avx512_bf16: precision bf16 is slower than fp32 here"};
}

std::vector<Finding> examine() {
  const Json v = version_json();
  const auto text = [&](const char* key) {
    return v.at(key).get<std::string>();
  };
  return {{State::kOk, "ferbench", version_line(), ""},
          {State::kOk, "processor",
           fmt::format("{}, {} cores, {} GiB", text("processor"),
                       v.at("cores").get<int>(), v.at("memory_gib").get<int>()),
           ""},
          precision(v),
          gpu(),
          {text("opencv") == "none" ? State::kMissing : State::kOk, "OpenCV",
           text("opencv"),
           text("opencv") == "none" ? "build with -DFERBENCH_OPENCV=ON" : ""},
          program("gnuplot", "gnuplot-nox"),
          data_folder(),
          disk()};
}

int doctor(bool json) {
  static const char* const kStates[] = {"ok", "missing", "note"};
  bool sound = true;
  Json all = Json::array();
  for (const Finding& f : examine()) {
    const char* state = kStates[static_cast<int>(f.state)];
    sound = sound && f.state != State::kMissing;
    if (json) {
      all.push_back({{"state", state},
                     {"what", f.what},
                     {"found", f.found},
                     {"advice", f.advice}});
      continue;
    }
    fmt::print("{:<8} {:<13} {}\n", state, f.what, f.found);
    if (!f.advice.empty()) fmt::print("{:23}-> {}\n", "", f.advice);
  }
  if (json) fmt::print("{}\n", json_text(all));
  return sound ? 0 : 1;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  auto json = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand(
      "doctor", "Say what this machine has and what is missing");
  verb->footer("Example: ferbench doctor");
  verb->add_flag("--json", *json, "Print JSON");
  verb->callback(
      [json, &action] { action = [json] { return doctor(*json); }; });
}

}  // namespace fer
