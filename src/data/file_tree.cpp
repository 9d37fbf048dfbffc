#include "data/file_tree.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "data/archive.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr int kDeepest = 32;

struct UsageWord {
  std::string_view word;
  Usage usage;
  int part;
};
constexpr UsageWord kFolders[] = {{"train", Usage::kTraining, 0},
                                  {"training", Usage::kTraining, 0},
                                  {"val", Usage::kPublicTest, 1},
                                  {"valid", Usage::kPublicTest, 1},
                                  {"validation", Usage::kPublicTest, 1},
                                  {"public", Usage::kPublicTest, 1},
                                  {"publictest", Usage::kPublicTest, 1},
                                  {"test", Usage::kPrivateTest, 2},
                                  {"private", Usage::kPrivateTest, 2},
                                  {"privatetest", Usage::kPrivateTest, 2}};
constexpr UsageWord kPrefixes[] = {{"Training_", Usage::kTraining, 0},
                                   {"PublicTest_", Usage::kPublicTest, 0},
                                   {"PrivateTest_", Usage::kPrivateTest, 0}};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

const UsageWord* usage_folder(const std::string& name) {
  const std::string key = lower(name);
  for (const UsageWord& entry : kFolders) {
    if (key == entry.word) return &entry;
  }
  return nullptr;
}

[[noreturn]] void fail_deep(const fs::path& path) {
  fail<DataError>(
      "[data] expected at most {} folders inside each other; got more ({}). "
      "Look for a link that leads back up.",
      kDeepest, path.string());
}

class DirectoryTree final : public FileTree {
 public:
  explicit DirectoryTree(const fs::path& root) : root_(root) {
    for (const fs::path& file : files_below(root)) {
      const std::string id = file.lexically_relative(root).generic_string();
      if (is_image_path(id)) ids_.push_back(id);
    }
    std::sort(ids_.begin(), ids_.end());
  }

  std::optional<TreeFile> next() override {
    if (done_ == ids_.size()) return std::nullopt;
    TreeFile file{ids_[done_++], {}, {}};
    const fs::path path = root_ / file.id;
    std::error_code error;
    if (fs::file_size(path, error) > kLargestFile && !error) {
      file.problem = "is larger than 64 MiB";
      return file;
    }
    try {
      const std::string bytes = read_file(path);
      const auto view = std::as_bytes(std::span(bytes));
      file.bytes.assign(view.begin(), view.end());
    } catch (const DataError& reason) {
      file.problem = reason.what();
    }
    return file;
  }

  size_t total() const override { return ids_.size(); }
  size_t done() const override { return done_; }
  const char* unit() const override { return "files"; }

 private:
  fs::path root_;
  std::vector<std::string> ids_;
  size_t done_ = 0;
};

}  // namespace

std::vector<fs::path> files_below(const fs::path& root) {
  constexpr auto kFollow = fs::directory_options::follow_directory_symlink;
  std::vector<fs::path> files;
  // A link to itself is no directory: a file that fails when it is read.
  std::error_code error, ignored;
  fs::recursive_directory_iterator it(root, kFollow, error), end;
  for (; !error && it != end; it.increment(error)) {
    if (it.depth() > kDeepest) fail_deep(it->path());
    if (!it->is_directory(ignored)) files.push_back(it->path());
  }
  if (error) {
    fail<DataError>(
        "[data] expected a readable directory; got '{}' ({}). Check its "
        "permissions.",
        error.message(), root.string());
  }
  return files;
}

std::optional<TreePlace> place_of(const std::string& id) {
  const std::vector<std::string> parts = split(id, '/');
  if (parts.size() < 2) return std::nullopt;
  TreePlace place;
  place.class_name = parts[parts.size() - 2];
  if (place.class_name.empty() || place.class_name == "." ||
      place.class_name == ".." || usage_folder(place.class_name))
    return std::nullopt;
  for (size_t i = 0; i + 2 < parts.size(); ++i) {
    if (const UsageWord* found = usage_folder(parts[i])) {
      place.usage = found->usage;
      place.part = found->part;
      break;
    }
  }
  for (const UsageWord& prefix : kPrefixes) {
    if (parts.back().starts_with(prefix.word)) place.usage = prefix.usage;
  }
  return place;
}

bool is_image_path(const std::string& id) {
  static constexpr std::array<std::string_view, 10> kExtensions = {
      ".jpg", ".jpeg", ".png", ".bmp",  ".pgm",
      ".ppm", ".pnm",  ".tif", ".tiff", ".webp"};
  const fs::path path(id);
  for (const fs::path& part : path) {
    const std::string name = part.string();
    if (name == "__MACOSX" ||
        (name.starts_with(".") && name != ".." && name != "."))
      return false;
  }
  const std::string extension = lower(path.extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) !=
         kExtensions.end();
}

std::unique_ptr<FileTree> open_file_tree(const fs::path& path) {
  if (fs::is_directory(path)) return std::make_unique<DirectoryTree>(path);
  return open_archive(path);
}

}  // namespace fer
