#include "data/source.h"

#include "core/error.h"
#include "data/assemble.h"
#include "data/cache.h"
#include "data/contact.h"
#include "data/fer_csv.h"
#include "data/folder_source.h"
#include "data/labels.h"
#include "data/pack.h"
#include "data/synthetic.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

void check_path(const DataConfig& config) {
  std::error_code error;
  if (!config.path.empty() && fs::exists(config.path, error)) return;
  fail<DataError>(
      "[data] expected a file or directory at data.path; got nothing there "
      "('{}'). Check the path, or set FERBENCH_DATA to the data folder.",
      config.path.string());
}

/// Whether a packed set is already what the settings ask for.
bool fits(const ImageSet& set, const DataConfig& config) {
  const auto size = static_cast<size_t>(config.image_size);
  return set.height == size && set.width == size &&
         set.channels == static_cast<size_t>(config.channels) &&
         config.relabel.empty() &&
         (config.classes.empty() || config.classes == set.class_names);
}

ImageSet load_packed(const DataConfig& config) {
  ImageSet set = read_pack(config.path);
  if (fits(set, config)) return set;
  DataConfig settings = config;
  if (config.classes.empty() && config.relabel.empty())
    settings.classes = set.class_names;  // their order, not the alphabet's
  ClassFilter filter(settings);
  for (const std::string& name : set.class_names) filter(name);
  std::vector<LooseImage> images;
  for (size_t i = 0; i < set.size(); ++i) {
    const auto label = static_cast<size_t>(set.labels[i]);
    if (const auto target = filter(set.class_names[label])) {
      images.push_back({set.ids[i], *target, set.usage[i], 0,
                        fit_image(picture_of(set, i), config).pixels});
    }
  }
  return assemble(std::move(images), std::move(set.bad), filter, settings,
                  Order::kAsRead);
}

ImageSet load_source(const DataConfig& config, bool quiet) {
  if (config.source == SourceKind::kSynthetic) return draw_faces(config);
  check_path(config);
  if (config.source == SourceKind::kPacked) return load_packed(config);
  return cached(config, [&] {
    return config.source == SourceKind::kFerCsv ? load_fer_csv(config, quiet)
                                                : load_folder(config, quiet);
  });
}

}  // namespace

ImageSet load_images(const DataConfig& config, bool quiet) {
  if (config.channels != 1 && config.channels != 3) {
    fail<DataError>(
        "[data] expected data.channels to be 1 (gray) or 3 (RGB); got {}.",
        config.channels);
  }
  return relabel(load_source(source_settings(config), quiet), config);
}

}  // namespace fer
