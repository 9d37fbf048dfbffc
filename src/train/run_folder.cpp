#include "train/run_folder.h"

#include <unistd.h>

#include <chrono>
#include <vector>

#include "config/config.h"
#include "core/error.h"
#include "core/file.h"
#include "train/device.h"
#include "train/version.h"

namespace fer {
namespace fs = std::filesystem;

RunFolder RunFolder::open(const fs::path& path) {
  const fs::path config = path / "config.yaml";
  if (!fs::exists(config)) {
    fail<DataError>(
        "[run] expected a run folder (with config.yaml); got '{}'. `ferbench "
        "run` "
        "makes one.",
        path.string());
  }
  return {path, load_config(config).config};
}

RunFolder RunFolder::create(const fs::path& path, const Config& config,
                            const std::string& command) {
  require_new_folder(path);
  write_file(path / "config.yaml", to_yaml(config));
  Json origin = environment(command);
  origin["device"] = describe_device(choose_device(config.train.device));
  write_json(path / "environment.json", origin);
  return {path, config};
}

void require_new_folder(const fs::path& path) {
  std::error_code none;
  if (!fs::exists(path, none)) return;
  if (!fs::is_directory(path)) {
    fail<DataError>(
        "[run] expected a folder; got a file ({}). Name another "
        "with --out.",
        path.string());
  }
  if (!fs::is_empty(path)) {
    fail<DataError>(
        "[run] expected a new folder; got one that holds files ({}). Name "
        "another with --out, or go on with --resume.",
        path.string());
  }
}

namespace {

// AtomicFile's ".tmp1234-0", and ".tmp" of a checkpoint's second name.
bool half_written(const fs::directory_entry& entry) {
  const std::string end = entry.path().extension().string();
  return entry.is_regular_file() && end.starts_with(".tmp") &&
         end.find_first_not_of("0123456789-", 4) == std::string::npos;
}

}  // namespace

void remove_leftovers(const fs::path& run_dir) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(run_dir)) {
    if (half_written(entry)) found.push_back(entry.path());
  }
  for (const fs::path& path : found) fs::remove(path);
}

fs::path fresh_run_path(const Config& config) {
  const fs::path base = config.experiment.runs / config.experiment.name /
                        fmt::format("seed-{}", config.experiment.seed);
  fs::path path = base;
  for (int i = 2; fs::exists(path); ++i) {
    path = base;
    path += fmt::format("-{}", i);
  }
  return path;
}

Json environment(const std::string& command) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  const auto now =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char date[32];
  std::strftime(date, sizeof date, "%FT%TZ", std::gmtime(&now));
  Json json = {{"command", command}, {"started", date}, {"host", host}};
  json.update(version_json());
  return json;
}

}  // namespace fer
