// Tiny trees of class folders, on the disk and in archives, for tests of
// sources.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <string>

#include "config/sections.h"
#include "core/file.h"
#include "core/temporary_folder.h"
#include "data/image_set.h"
#include "data/source.h"
#include "vision/image.h"

namespace fer {

/// Bytes by path, in the order of the paths.
using Files = std::vector<std::pair<std::string, std::string>>;

/// An 8x8 PNG of one gray level: the level tells images apart.
inline std::string png_of(uint8_t gray) {
  Image image{8, 8, 1, {}};
  image.pixels.assign(64, gray);
  const auto bytes = encode_png(image);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline void write_tree(const std::filesystem::path& root, const Files& files) {
  for (const auto& [name, bytes] : files) write_file(root / name, bytes);
}

/// An archive in the format that the ending of `path` names.
inline void write_archive(const std::filesystem::path& path,
                          const Files& files) {
  archive* out = archive_write_new();
  const std::string name = path.string();
  if (name.ends_with(".zip")) {
    archive_write_set_format_zip(out);
  } else {
    archive_write_set_format_pax_restricted(out);
    if (name.ends_with("gz")) archive_write_add_filter_gzip(out);
  }
  ASSERT_EQ(archive_write_open_filename(out, name.c_str()), ARCHIVE_OK);
  for (const auto& [id, bytes] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, id.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_write_header(out, entry);
    archive_write_data(out, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
}

/// Settings for a folder source of 8x8 images without a cache.
inline DataConfig folder_config(const std::filesystem::path& path) {
  DataConfig config;
  config.source = SourceKind::kFolder;
  config.path = path;
  config.image_size = 8;
  config.cache.clear();
  return config;
}

/// The text of the error that load_images() throws, or "no error".
inline std::string load_error(const DataConfig& config) {
  try {
    load_images(config, true);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

/// First byte of every image.
inline std::vector<int> first_bytes(const ImageSet& images) {
  std::vector<int> bytes;
  for (size_t i = 0; i < images.size(); ++i)
    bytes.push_back(images.image(i)[0]);
  return bytes;
}

}  // namespace fer
