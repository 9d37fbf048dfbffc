// One writer at a time, over all processes of a machine (and of a shared disk
// that supports flock).
#pragma once

#include <filesystem>

namespace fer {

/// Holds the exclusive lock of `path`, a file of its own that stays empty and
/// is never removed: the locked file itself is replaced by its writers. Waits
/// until the lock is free; the system releases it when a process dies.
class FileLock {
 public:
  /// Makes missing folders. DataError when the file cannot be made.
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace fer
