// The end of a child's log, for messages.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fer {

/// Up to `count` last lines that are not empty, without control characters,
/// each shortened to 300 bytes. Reads the last 64 KiB only; empty for a file
/// that cannot be read.
std::vector<std::string> last_lines(const std::filesystem::path& path,
                                    size_t count);

}  // namespace fer
