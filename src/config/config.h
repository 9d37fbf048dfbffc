// Experiment files: read, checked, printed. Every error of a file is reported
// at once, each as "file:line:col: what is wrong. Way out."
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/sections.h"
#include "core/json.h"

namespace fer {

/// A loaded experiment, environment variables in paths filled in; a file that
/// gives no experiment.name is named after itself. `sources`: the file and all
/// it extends, base first.
struct LoadedConfig {
  Config config;
  std::vector<std::filesystem::path> sources;
};

/// Reads `path`, what it `extends`, then the overrides ("train.epochs=3"),
/// checks types, ranges and unknown keys, then runs check_settings(). Throws
/// ConfigError with all faults, one a line; overrides are named "-s
/// train.epochs=3".
LoadedConfig load_config(const std::filesystem::path& path,
                         const std::vector<std::string>& overrides = {});

/// The same for text; `name` stands for the file in messages.
Config parse_config(const std::string& text,
                    const std::string& name = "config");

/// Design rule 6, before any image is read: faults between settings (a
/// direction against its metric, a plateau that can never fire, a metric nobody
/// produces, splits that do not add up, unknown splits in evaluate, ...). Each
/// fault as text without position: "callbacks.reduce_lr_on_plateau.min_lr =
/// 0.001 equals ...; Set min_lr below ...".
std::vector<std::pair<std::string /*key*/, std::string /*message*/>>
check_settings(const Config& config);

/// The complete YAML: every setting with its value and its help as a comment.
/// Reads back to the same structs: a "${" in a path is written "$${".
std::string to_yaml(const Config& config);

/// Dotted names of the settings whose values differ ("train.epochs"); a part
/// that is on in one only counts as one ("callbacks.ema").
std::vector<std::string> different_settings(const Config& a, const Config& b);

/// The JSON Schema (2020-12) of experiment files, `extends` included.
Json config_schema();

/// docs/config.md: how a file is read, then one table per section.
std::string config_markdown();

}  // namespace fer
