// Whole files: read at once, or written whole (temporary file, fsync, rename),
// so that a reader never meets half a file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fer {

/// The whole file; DataError names the path and the system's reason.
std::string read_file(const std::filesystem::path& path);

/// Replaces `path` by `bytes` atomically; makes missing folders. On an error
/// (a full disk, say) the old file stands and the temporary one is removed.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Like write_file, from pieces written one after the other.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();  ///< without commit(): nothing happened
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  [[noreturn]] void fail_errno(const char* what);

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int fd_ = -1;
};

/// Appends one line to a log-like file and flushes it to the disk.
void append_line(const std::filesystem::path& path, std::string_view line);

/// Bytes of a file mapped read-only; valid for the life of the object.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace fer
