// What the tests of this folder share.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "config/config.h"
#include "core/error.h"

namespace fer {

/// The whole text of the error, or "" when the settings are good.
inline std::string faults_of(const std::string& yaml) {
  try {
    parse_config(yaml, "x.yaml");
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

inline std::string load_faults(const std::filesystem::path& path,
                               const std::vector<std::string>& overrides = {}) {
  try {
    load_config(path, overrides);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

/// A fresh folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fer_config_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name,
                              const std::string& text) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace fer
