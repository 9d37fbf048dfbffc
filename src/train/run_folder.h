// The folder of one run: where it is, what it was made from.
#pragma once

#include <filesystem>
#include <string>

#include "config/sections.h"
#include "core/json.h"

namespace fer {

/// An existing run folder. Later stages work from it alone.
class RunFolder {
 public:
  /// DataError when `path` holds no config.yaml.
  static RunFolder open(const std::filesystem::path& path);

  /// Makes the folder and writes config.yaml and environment.json. DataError
  /// when it exists and is not empty: a run is never overwritten.
  static RunFolder create(const std::filesystem::path& path,
                          const Config& config, const std::string& command);

  const std::filesystem::path& path() const { return path_; }
  const Config& config() const { return config_; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }

 private:
  RunFolder(std::filesystem::path path, Config config)
      : path_(std::move(path)), config_(std::move(config)) {}

  std::filesystem::path path_;
  Config config_;
};

/// runs/<name>/seed-<seed>, or with "-2", "-3", ... behind it when that exists.
std::filesystem::path fresh_run_path(const Config& config);

/// DataError when `path` exists and is not an empty folder.
void require_new_folder(const std::filesystem::path& path);

/// Removes what a killed process left half-written (*.tmp*) anywhere in a run.
void remove_leftovers(const std::filesystem::path& run_dir);

/// Commit, versions, host, processor: what a number's origin needs.
Json environment(const std::string& command);

}  // namespace fer
