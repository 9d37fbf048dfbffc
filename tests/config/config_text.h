// What the tests of this folder share.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "config/config.h"
#include "core/error.h"
#include "core/temporary_folder.h"

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

}  // namespace fer
