// The options that every verb on an experiment file shares.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "config/config.h"

namespace fer {

struct ExperimentOptions {
  std::string file;
  std::vector<std::string> overrides;
  bool quiet = false;

  /// Adds EXPERIMENT, -s and --quiet to a verb.
  void add_to(CLI::App& verb);
  Config load() const;
};

/// Adds --device; an empty text leaves the experiment's own.
void add_device_option(CLI::App& verb, std::string& device);
/// DeviceKind of "auto", "cpu" or "cuda"; "" gives `fallback`.
DeviceKind device_kind(const std::string& device, DeviceKind fallback);

}  // namespace fer
