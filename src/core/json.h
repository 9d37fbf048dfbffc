// JSON values that keep the order of their keys, and their files.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace fer {

using Json = nlohmann::ordered_json;

/// Reads a JSON file; throws DataError with path and position.
Json read_json(const std::filesystem::path& path);

/// Writes `value` with two-space indents, whole or not at all. Numbers that are
/// not finite become null.
void write_json(const std::filesystem::path& path, const Json& value);

}  // namespace fer
