#include "data/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr size_t kBlock = size_t{1} << 18;
constexpr size_t kMebi = size_t{1} << 20;

class ArchiveTree final : public FileTree {
 public:
  explicit ArchiveTree(fs::path path)
      : path_(std::move(path)), size_(fs::file_size(path_)) {
    archive_read_support_format_tar(handle());
    archive_read_support_format_zip(handle());
    archive_read_support_filter_gzip(handle());
    archive_read_support_filter_bzip2(handle());
    archive_read_support_filter_xz(handle());
    archive_read_support_filter_zstd(handle());
    if (archive_read_open_filename(handle(), path_.c_str(), kBlock) !=
        ARCHIVE_OK) {
      if (reason().find("truncated") != std::string::npos) fail_broken();
      fail<DataError>(
          "[data] expected a directory or a .tar, .tar.gz, .tgz or .zip "
          "archive; got '{}' ({}). Check data.path and data.source.",
          reason(), path_.string());
    }
  }

  std::optional<TreeFile> next() override {
    while (archive_entry* entry = next_entry()) {
      TreeFile file;
      file.id = name_of(entry);
      if (archive_entry_filetype(entry) == AE_IFDIR || !is_image_path(file.id))
        continue;
      if (archive_entry_filetype(entry) != AE_IFREG ||
          archive_entry_hardlink(entry)) {
        file.problem = "is a link inside the archive, not a file";
      } else {
        read_bytes(file);
      }
      ++files_;
      return file;
    }
    return std::nullopt;
  }

  size_t total() const override { return size_ / kMebi; }
  size_t done() const override {
    const auto read = static_cast<size_t>(
        std::max<la_int64_t>(0, archive_filter_bytes(handle(), -1)));
    return std::min(total(), read / kMebi);
  }
  const char* unit() const override { return "MiB"; }

 private:
  archive* handle() const { return archive_.get(); }

  std::string reason() const {
    const char* text = archive_error_string(handle());
    return text ? text : "unknown reason";
  }

  [[noreturn]] void fail_broken() const {
    fail<DataError>(
        "[data] expected a whole archive; got '{}' after {} images ({}). Copy "
        "or download it again.",
        reason(), files_, path_.string());
  }

  archive_entry* next_entry() {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(handle(), &entry);
    if (code == ARCHIVE_EOF) return nullptr;
    if (code < ARCHIVE_WARN) fail_broken();
    return entry;
  }

  // Names as UTF-8; where the archive does not say how they are encoded, the
  // bytes as they stand.
  std::string name_of(archive_entry* entry) const {
    const char* name = archive_entry_pathname_utf8(entry);
    if (!name) name = archive_entry_pathname(entry);
    if (!name) fail_broken();
    std::string id = name;
    while (id.starts_with("./")) id.erase(0, 2);
    return id;
  }

  void read_bytes(TreeFile& file) {
    const void* block = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    for (;;) {
      const int code =
          archive_read_data_block(handle(), &block, &size, &offset);
      if (code == ARCHIVE_EOF) return;
      if (code < ARCHIVE_WARN) fail_broken();
      const size_t end = static_cast<size_t>(offset) + size;
      if (static_cast<size_t>(offset) > kLargestFile || end > kLargestFile) {
        file.bytes = {};
        file.problem = "is larger than 64 MiB";
        return;
      }
      file.bytes.resize(std::max(file.bytes.size(), end));
      std::copy_n(static_cast<const std::byte*>(block), size,
                  file.bytes.begin() + offset);
    }
  }

  struct Free {
    void operator()(archive* a) const { archive_read_free(a); }
  };

  fs::path path_;
  size_t size_;
  size_t files_ = 0;
  std::unique_ptr<archive, Free> archive_{archive_read_new()};
};

}  // namespace

std::unique_ptr<FileTree> open_archive(const fs::path& path) {
  return std::make_unique<ArchiveTree>(path);
}

}  // namespace fer
