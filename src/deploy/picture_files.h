// The pictures that a command line means: files, folders, videos, standard
// input.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace fer {

struct PictureFile {
  enum class Kind { kPicture, kVideo, kStandardInput };
  Kind kind = Kind::kPicture;
  std::filesystem::path path;
};

/// Named files in their order; a folder stands for the pictures and videos in
/// it and its sub-folders, sorted by path (known by .jpg .jpeg .png .bmp .webp;
/// .avi .mkv .mov .mp4 .mpeg .mpg .webm .m4v). DataError: a path that does not
/// exist, a folder without any, "-" named twice.
std::vector<PictureFile> picture_files(std::span<const std::string> names);

/// All bytes of a picture or of standard input; DataError beyond `largest`.
std::string read_picture(const PictureFile& file, size_t largest);

}  // namespace fer
