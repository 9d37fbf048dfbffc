// JSON values that keep the order of their keys, and their files.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace fer {

using Json = nlohmann::ordered_json;

/// Reads a JSON file; throws DataError with path and position.
Json read_json(const std::filesystem::path& path);

/// `value` on several lines, or with indent -1 on one; what is not UTF-8 in it
/// (a file name need not be) becomes U+FFFD.
std::string json_text(const Json& value, int indent = 2);

/// Writes `value` with two-space indents, whole or not at all. Numbers that are
/// not finite become null.
void write_json(const std::filesystem::path& path, const Json& value);

}  // namespace fer
