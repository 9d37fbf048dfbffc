#include "data/assemble.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "core/error.h"
#include "core/text.h"
#include "data/ferplus.h"
#include "data/fingerprint.h"

namespace fer {
namespace {

[[noreturn]] void fail_unknown(const char* setting, const std::string& name,
                               const std::set<std::string>& met,
                               const std::string& path) {
  const std::vector<std::string> names(met.begin(), met.end());
  const std::string near = nearest(name, names);
  fail<DataError>(
      "[data] expected {} to name classes of the source; got '{}', and there "
      "are {} ({}).{}",
      setting, name, names.empty() ? "none" : join(names, ", "), path,
      near.empty() ? " Choose from these."
                   : fmt::format(" Did you mean '{}'?", near));
}

// FER+ has classes that its folders have not (contempt).
bool of_ferplus(const std::string& name, const DataConfig& config) {
  return !config.ferplus.empty() &&
         std::ranges::count(kFerplusClasses, name) > 0;
}

void check_ids(const std::vector<LooseImage>& images, const std::string& path) {
  std::unordered_set<std::string_view> ids;
  for (const LooseImage& image : images) {
    if (!ids.insert(image.id).second) {
      fail<DataError>(
          "[data] expected every image to have its own path; got '{}' twice "
          "({}). Remove one.",
          image.id, path);
    }
  }
}

std::vector<int64_t> labels_of(const std::vector<LooseImage>& images,
                               const std::vector<std::string>& names) {
  std::map<std::string, int64_t> label_of;
  for (const std::string& name : names)
    label_of.emplace(name, static_cast<int64_t>(label_of.size()));
  std::vector<int64_t> labels;
  labels.reserve(images.size());
  for (const LooseImage& image : images)
    labels.push_back(label_of.at(image.class_name));
  return labels;
}

std::vector<size_t> order_of(const std::vector<LooseImage>& images,
                             const std::vector<int64_t>& labels, Order order) {
  std::vector<size_t> rows(images.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  if (order == Order::kAsRead) return rows;
  std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
    return std::tie(images[a].part, labels[a], images[a].id) <
           std::tie(images[b].part, labels[b], images[b].id);
  });
  return rows;
}

}  // namespace

ClassFilter::ClassFilter(const DataConfig& config) : config_(config) {
  std::set<std::string> unique;
  for (const std::string& name : config.classes) {
    if (!unique.insert(name).second) {
      fail<DataError>(
          "[data] expected data.classes to name a class once; got '{}' twice. "
          "Remove one.",
          name);
    }
  }
}

std::optional<std::string> ClassFilter::operator()(const std::string& name) {
  met_.insert(name);
  const auto found = config_.relabel.find(name);
  const std::string& target =
      found == config_.relabel.end() ? name : found->second;
  renamed_.insert(target);
  const auto& wanted = config_.classes;
  if (!wanted.empty() &&
      std::find(wanted.begin(), wanted.end(), target) == wanted.end())
    return std::nullopt;
  return target;
}

std::vector<std::string> ClassFilter::finish(const std::string& path) const {
  for (const auto& [from, to] : config_.relabel) {
    if (!met_.contains(from) && !of_ferplus(from, config_))
      fail_unknown("data.relabel", from, met_, path);
  }
  for (const std::string& name : config_.classes) {
    if (!renamed_.contains(name))
      fail_unknown("data.classes", name, renamed_, path);
  }
  if (!config_.classes.empty()) return config_.classes;
  return {renamed_.begin(), renamed_.end()};
}

Image fit_image(Image image, const DataConfig& config) {
  const int size = config.image_size;
  if (image.channels != config.channels)
    image = convert_channels(image, config.channels);
  if (image.width != size || image.height != size)
    image = resize_image(image, size, size);
  return image;
}

ImageSet assemble(std::vector<LooseImage> images, std::vector<BadImage> bad,
                  const ClassFilter& filter, const DataConfig& config,
                  Order order) {
  const std::string path = config.path.string();
  ImageSet set;
  if (images.empty() && config.classes.empty()) {
    fail<DataError>(
        "[data] expected images in class folders; got none ({}). Check "
        "data.path and data.source.",
        path);
  }
  set.class_names = filter.finish(path);
  check_ids(images, path);
  set.channels = static_cast<size_t>(config.channels);
  set.height = set.width = static_cast<size_t>(config.image_size);
  const std::vector<int64_t> labels = labels_of(images, set.class_names);
  auto pixels = std::make_shared<std::vector<uint8_t>>();
  pixels->resize(images.size() * set.image_bytes());
  uint8_t* out = pixels->data();
  for (const size_t i : order_of(images, labels, order)) {
    // Interleaved [H, W, C] becomes planes [C, H, W].
    const size_t plane = set.height * set.width;
    for (size_t c = 0; c < set.channels; ++c) {
      for (size_t p = 0; p < plane; ++p)
        *out++ = images[i].pixels[p * set.channels + c];
    }
    set.labels.push_back(labels[i]);
    set.usage.push_back(images[i].usage);
    set.ids.push_back(std::move(images[i].id));
  }
  set.bad = std::move(bad);
  std::sort(set.bad.begin(), set.bad.end(),
            [](const BadImage& a, const BadImage& b) { return a.id < b.id; });
  set.pixels = pixels->data();
  set.owner = pixels;
  set.fingerprint = image_fingerprint(set);
  return set;
}

}  // namespace fer
