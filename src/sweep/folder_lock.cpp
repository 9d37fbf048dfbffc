#include "sweep/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;

FolderLock::FolderLock(const fs::path& folder, double seconds) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  // Without O_CLOEXEC: the children hold it, too.
  fd_ = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT, 0644);
  if (fd_ < 0) {
    fail<DataError>(
        "[lock] expected a folder that can be written; got '{}' ({}). Check "
        "the path and its permissions.",
        std::strerror(errno), folder.string());
  }
  const auto start = std::chrono::steady_clock::now();
  while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const std::chrono::duration<double> passed =
        std::chrono::steady_clock::now() - start;
    if (passed.count() < seconds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    ::close(fd_);
    fail<DataError>(
        "[lock] expected a folder that nobody else works in; got one in use "
        "({}). Wait for the other ferbench, or name another folder with --out.",
        folder.string());
  }
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace fer
