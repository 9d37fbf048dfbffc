// The near twins of a data set, kept beside its packed file.
#include <fmt/core.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/json.h"
#include "data/fingerprint.h"
#include "data/near_twins.h"
#include "data/twins.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Changes when the same images and settings give other twins.
constexpr int kSearchVersion = 1;

Json settings_of(const ImageSet& images, const TwinConfig& config) {
  return {{"version", kSearchVersion},
          {"fingerprint", images.fingerprint.empty() ? image_fingerprint(images)
                                                     : images.fingerprint},
          {"min_correlation", config.min_correlation},
          {"max_shift", config.max_shift},
          {"mirror", config.mirror}};
}

Json to_json(const std::vector<TwinPair>& near) {
  Json list = Json::array();
  for (const TwinPair& pair : near) {
    list.push_back({pair.a, pair.b, pair.correlation, pair.zoom, pair.dx,
                    pair.dy, pair.mirrored});
  }
  return list;
}

[[noreturn]] void fail_damaged(const fs::path& path, const char* what) {
  fail<DataError>("[twins] expected the twins that were found; got {} ({}).",
                  what, path.string());
}

std::vector<TwinPair> pairs_of(const Json& list, size_t n,
                               const fs::path& path) {
  std::vector<TwinPair> near;
  for (const Json& entry : list) {
    const TwinPair pair = {entry.at(0), entry.at(1), entry.at(2), entry.at(3),
                           entry.at(4), entry.at(5), entry.at(6)};
    if (pair.a < 0 || pair.b <= pair.a || pair.b >= static_cast<int64_t>(n))
      fail_damaged(path, "a pair of images that are not there");
    near.push_back(pair);
  }
  return near;
}

std::vector<TwinPair> read_near(const fs::path& path, const Json& settings,
                                size_t n) {
  const Json file = read_json(path);
  try {
    if (file.at("settings") != settings)
      fail_damaged(path, "those of other images or settings");
    const Json& list = file.at("pairs");
    if (file.at("sha256") != sha256(list.dump()))
      fail_damaged(path, "pairs that do not match their checksum");
    return pairs_of(list, n, path);
  } catch (const Json::exception&) {
    fail_damaged(path, "a file with faults");
  }
}

}  // namespace

fs::path twins_path(const ImageSet& images, const DataConfig& config) {
  const Json settings = settings_of(images, config.twins);
  return config.cache / (sha256(settings.dump()) + ".twins.json");
}

Twins cached_twins(const ImageSet& images, const DataConfig& config) {
  if (config.cache.empty() || !config.twins.near ||
      config.source == SourceKind::kSynthetic)
    return find_twins(images, config.twins);
  const Json settings = settings_of(images, config.twins);
  const fs::path path = twins_path(images, config);
  Twins twins = exact_twins(images);
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    try {
      add_near_twins(twins, read_near(path, settings, images.size()));
      return twins;
    } catch (const DataError& error) {
      fmt::print(stderr, "The near twins are searched again: {}\n",
                 error.what());
    }
  }
  add_near_twins(
      twins, find_near_twins(images, different_pictures(twins), config.twins));
  const Json pairs = to_json(twins.near);
  write_json(path, {{"settings", settings},
                    {"sha256", sha256(pairs.dump())},
                    {"pairs", pairs}});
  return twins;
}

}  // namespace fer
