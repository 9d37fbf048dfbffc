#include "deploy/picture_files.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <utility>

#include "core/error.h"
#include "core/file.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Kind = PictureFile::Kind;

std::string suffix(const fs::path& path) {
  std::string text = path.extension().string();
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

bool is_video(const fs::path& path) {
  constexpr std::array<std::string_view, 8> kVideos = {
      ".avi", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".m4v"};
  return std::ranges::find(kVideos, suffix(path)) != kVideos.end();
}

bool is_picture(const fs::path& path) {
  constexpr std::array<std::string_view, 5> kPictures = {
      ".jpg", ".jpeg", ".png", ".bmp", ".webp"};
  return std::ranges::find(kPictures, suffix(path)) != kPictures.end();
}

PictureFile file_of(const fs::path& path) {
  return {is_video(path) ? Kind::kVideo : Kind::kPicture, path};
}

std::vector<PictureFile> files_in(const fs::path& folder) {
  std::vector<PictureFile> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end;
       !failed && entry != end; entry.increment(failed)) {
    // Not the function that throws: a link may lead to itself.
    std::error_code unknown;
    if (!entry->is_regular_file(unknown)) continue;
    if (is_picture(entry->path()) || is_video(entry->path()))
      files.push_back(file_of(entry->path()));
  }
  if (failed) {
    fail<DataError>(
        "[predict] expected a folder that can be read; got: {} "
        "({}).",
        failed.message(), folder.string());
  }
  if (files.empty()) {
    fail<DataError>(
        "[predict] expected pictures (jpg, png, bmp, webp) or videos; got a "
        "folder without any ({}).",
        folder.string());
  }
  std::ranges::sort(files, {}, &PictureFile::path);
  return files;
}

std::string read_standard_input(size_t largest) {
  std::string bytes;
  std::array<char, 1 << 16> part;
  for (ssize_t n; (n = ::read(STDIN_FILENO, part.data(), part.size())) > 0;) {
    bytes.append(part.data(), static_cast<size_t>(n));
    if (bytes.size() > largest) {
      fail<DataError>(
          "[photo] expected at most {} bytes; got more. Make the picture "
          "smaller.",
          largest);
    }
  }
  return bytes;
}

}  // namespace

std::vector<PictureFile> picture_files(std::span<const std::string> names) {
  std::vector<PictureFile> files;
  bool input_named = false;
  for (const std::string& name : names) {
    std::error_code unknown;
    if (name == "-") {
      if (std::exchange(input_named, true)) {
        fail<DataError>(
            "[predict] expected - (standard input) once; got it twice.");
      }
      files.push_back({Kind::kStandardInput, "-"});
    } else if (fs::is_directory(name, unknown)) {
      std::ranges::move(files_in(name), std::back_inserter(files));
    } else if (fs::exists(name, unknown)) {
      files.push_back(file_of(name));
    } else {
      fail<DataError>(
          "[predict] expected a picture, a video or a folder; got no such file "
          "({}).",
          name);
    }
  }
  return files;
}

std::string read_picture(const PictureFile& file, size_t largest) {
  if (file.kind == Kind::kStandardInput) return read_standard_input(largest);
  std::error_code failed;
  const auto size = fs::file_size(file.path, failed);
  if (!failed && size > largest) {
    fail<DataError>(
        "[photo] expected at most {} bytes; got {}. Make the picture smaller.",
        largest, size);
  }
  return read_file(file.path);
}

}  // namespace fer
