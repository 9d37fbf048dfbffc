#include "core/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_to_read(const fs::path& path, int reason) {
  fail<DataError>(
      "[file] expected a readable file; got '{}' ({}). Check the path.",
      std::strerror(reason), path.string());
}

// Closes itself.
struct Descriptor {
  explicit Descriptor(const fs::path& path)
      : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd < 0) fail_to_read(path, errno);
  }
  ~Descriptor() { ::close(fd); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  const int fd;
};

// A link stays one: what it leads to is replaced. Devices and pipes cannot be.
fs::path replaceable(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::character || type == fs::file_type::block ||
      type == fs::file_type::fifo || type == fs::file_type::socket) {
    fail<DataError>(
        "[file] expected a file that can be replaced; got a device or pipe "
        "({}). Name a file.",
        path.string());
  }
  if (!fs::is_symlink(path, error)) return path;
  fs::path target = fs::canonical(path, error);
  return error ? path : target;
}

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor file(path);
  struct stat info {};
  std::string bytes;
  if (::fstat(file.fd, &info) == 0)
    bytes.reserve(static_cast<size_t>(info.st_size));
  std::vector<char> block(1 << 20);
  for (;;) {
    const ssize_t n = ::read(file.fd, block.data(), block.size());
    if (n == 0) return bytes;
    if (n > 0) {
      bytes.append(block.data(), static_cast<size_t>(n));
    } else if (errno != EINTR) {
      fail_to_read(path, errno);
    }
  }
}

AtomicFile::AtomicFile(fs::path path) : path_(replaceable(path)) {
  if (path_.has_parent_path()) {
    std::error_code error;
    fs::create_directories(path_.parent_path(), error);
    if (error) {
      fail<DataError>(
          "[file] expected a folder that can be made; got '{}' ({}). "
          "Check the path and its permissions.",
          error.message(), path_.parent_path().string());
    }
  }
  // Its own name for every writer, in this process and in others.
  static std::atomic<unsigned> count = 0;
  temporary_ = path_;
  temporary_ += fmt::format(".tmp{}-{}", getpid(), count++);
  fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
               0644);
  if (fd_ < 0) fail_errno("open");
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_errno("write");
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
}

void AtomicFile::write(std::string_view bytes) {
  write(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

void AtomicFile::commit() {
  if (::fsync(fd_) != 0) fail_errno("flush");
  const int closed = ::close(fd_);
  fd_ = -1;
  if (closed != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary_.c_str());
    errno = reason;
    fail_errno("put in place");
  }
}

void AtomicFile::fail_errno(const char* what) {
  fail<DataError>(
      "[file] expected to {} a file; got '{}' ({}). Free some space or check "
      "the permissions; the old file, if any, is unharmed.",
      what, std::strerror(errno), path_.string());
}

void write_file(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void append_line(const fs::path& path, std::string_view line) {
  const int fd =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const std::string text = std::string(line) + "\n";
  bool good = fd >= 0 && ::write(fd, text.data(), text.size()) ==
                             static_cast<ssize_t>(text.size());
  // EINVAL: a pipe or terminal, which has nothing to flush.
  if (good && ::fsync(fd) != 0) good = errno == EINVAL;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (!good) {
    fail<DataError>(
        "[file] expected to append a line; got '{}' ({}). Free some space or "
        "check the permissions.",
        std::strerror(reason), path.string());
  }
}

MappedFile::MappedFile(const fs::path& path) {
  const Descriptor file(path);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) fail_to_read(path, errno);
  if (S_ISDIR(info.st_mode)) fail_to_read(path, EISDIR);
  size_ = static_cast<size_t>(info.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (address == MAP_FAILED) fail_to_read(path, errno);
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace fer
