// A tree of class folders: a directory, or an archive that is read in place,
// once, from its first byte to its last. Nothing is ever unpacked to the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/image_set.h"

namespace fer {

/// What a path inside the tree says about an image.
struct TreePlace {
  std::string class_name;  ///< the folder that holds the file
  Usage usage = Usage::kNone;
  int part = 0;  ///< order of the usage folders: 0 train (or none), 1 val, 2
                 ///< test
};

/// Usage comes from the file name (Training_, PublicTest_, PrivateTest_), else
/// from a folder above the class folder: train | training, val | valid |
/// validation | public | publictest, test | private | privatetest, in any case.
/// nullopt: the file stands in no class folder.
std::optional<TreePlace> place_of(const std::string& id);

/// Whether a path is an image's: known extension, not hidden, not of macOS's
/// __MACOSX.
bool is_image_path(const std::string& id);

/// One image file. `problem` is set where its bytes cannot be had.
struct TreeFile {
  std::string id;  ///< path inside the tree, with '/'
  std::vector<std::byte> bytes;
  std::string problem;
};

/// Largest image file that is read; a larger one is a problem of that file.
inline constexpr size_t kLargestFile = size_t{64} << 20;

/// Image files, one after the other. A directory's come sorted by path, an
/// archive's as they stand in it.
class FileTree {
 public:
  virtual ~FileTree() = default;
  virtual std::optional<TreeFile> next() = 0;  ///< nullopt: the end
  virtual size_t total() const = 0;            ///< for a progress bar
  virtual size_t done() const = 0;
  virtual const char* unit() const = 0;  ///< of total() and done()
};

/// Files below a directory, links followed. DataError: unreadable, or more than
/// 32 folders inside each other.
std::vector<std::filesystem::path> files_below(
    const std::filesystem::path& root);

/// Opens a directory or an archive (.tar, .tar.gz, .tgz, .zip, also bzip2, xz,
/// zstd). DataError: missing, unreadable, no archive.
std::unique_ptr<FileTree> open_file_tree(const std::filesystem::path& path);

}  // namespace fer
