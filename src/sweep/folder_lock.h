// One program at a time in a folder.
#pragma once

#include <filesystem>

namespace fer {

/// Holds <folder>/.lock during its life. Child processes inherit it: the folder
/// is free once this process and all its children have ended, also when they
/// were killed.
class FolderLock {
 public:
  /// Makes the folder where it is missing, and waits up to `seconds` for the
  /// lock: children of a killed program need a moment to end. DataError when
  /// somebody still holds it then.
  explicit FolderLock(const std::filesystem::path& folder, double seconds = 5);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace fer
