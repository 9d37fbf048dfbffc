#include "data/cache.h"

#include <algorithm>
#include <chrono>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "data/file_tree.h"
#include "data/pack.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Changes when the same source and settings give other pixels or another order.
constexpr int kDecoderVersion = 1;
constexpr size_t kProbe = size_t{1} << 20;

int64_t time_of(const fs::path& path) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             fs::last_write_time(path).time_since_epoch())
      .count();
}

std::string file_identity(const fs::path& path) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  const size_t probe = std::min(kProbe, bytes.size());
  return fmt::format("file {} {} {} {}", bytes.size(), time_of(path),
                     sha256(bytes.first(probe)), sha256(bytes.last(probe)));
}

std::string directory_identity(const fs::path& root) {
  std::vector<std::string> lines;
  std::error_code ignored;
  for (const fs::path& file : files_below(root)) {
    if (!fs::is_regular_file(file, ignored)) continue;
    lines.push_back(fmt::format("{}\n{} {}\n",
                                file.lexically_relative(root).generic_string(),
                                fs::file_size(file), time_of(file)));
  }
  std::sort(lines.begin(), lines.end());
  Sha256 hash;
  for (const std::string& line : lines) hash.update(line);
  return "directory " + hash.hex();
}

}  // namespace

std::string cache_key(const DataConfig& config) {
  const Json settings = {{"decoder", kDecoderVersion},
                         {"source", word(config.source)},
                         {"classes", config.classes},
                         {"relabel", config.relabel},
                         {"image_size", config.image_size},
                         {"channels", config.channels},
                         {"on_bad_image", word(config.on_bad_image)}};
  const std::string identity = fs::is_directory(config.path)
                                   ? directory_identity(config.path)
                                   : file_identity(config.path);
  return sha256(settings.dump() + identity);
}

fs::path cache_path(const DataConfig& config) {
  return config.cache / (cache_key(config) + ".ferpack");
}

ImageSet cached(const DataConfig& config,
                const std::function<ImageSet()>& decode) {
  if (config.cache.empty()) return decode();
  const fs::path path = cache_path(config);
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    try {
      return read_pack(path);
    } catch (const DataError& error) {
      fmt::print(stderr, "The cached data set is decoded again: {}\n",
                 error.what());
    }
  }
  const ImageSet images = decode();
  write_pack(path, images);
  return images;
}

}  // namespace fer
