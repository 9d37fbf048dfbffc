#include "leaderboard/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;

FileLock::FileLock(const fs::path& path) {
  std::error_code ignored;  // open() reports it with its reason
  fs::create_directories(path.parent_path(), ignored);
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  int locked = -1;
  if (fd_ >= 0) {
    do locked = ::flock(fd_, LOCK_EX);
    while (locked != 0 && errno == EINTR);
  }
  if (locked == 0) return;
  const int reason = errno;
  if (fd_ >= 0) ::close(fd_);
  fail<DataError>(
      "[lock] expected a lock file that can be made and locked; got '{}' ({}). "
      "Check the folder and its permissions.",
      std::strerror(reason), path.string());
}

FileLock::~FileLock() { ::close(fd_); }

}  // namespace fer
