// What a finished training must agree on to the bit, read from its folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/csv.h"
#include "core/json.h"

namespace fer {

/// A safetensors file: per tensor "dtype shape" and its bytes. The metadata,
/// which holds times, is left out.
std::map<std::string, std::string> tensor_bytes(
    const std::filesystem::path& path);

/// history.csv without the columns that are times.
CsvTable timeless_history(const std::filesystem::path& run_dir);

/// checkpoints/last.json without times and the event file's name.
Json timeless_state(const std::filesystem::path& run_dir);

/// The events of all event files, without their wall times and the versions
/// that open the files.
std::vector<std::string> event_values(const std::filesystem::path& run_dir);

/// Fails the test for every difference between two runs.
void expect_same_run(const std::filesystem::path& actual,
                     const std::filesystem::path& expected);

}  // namespace fer
