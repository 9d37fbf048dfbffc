// Archives as file trees, through libarchive.
#pragma once

#include <filesystem>
#include <memory>

#include "data/file_tree.h"

namespace fer {

/// Image members of an archive, streamed once. Member names are ids, never
/// paths to write to. next() throws DataError where the archive ends too soon.
std::unique_ptr<FileTree> open_archive(const std::filesystem::path& path);

}  // namespace fer
