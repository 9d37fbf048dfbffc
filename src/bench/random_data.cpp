#include <memory>
#include <numeric>

#include "bench/bench.h"
#include "core/philox.h"

namespace fer {
namespace {

constexpr int kClasses = 7;

std::vector<std::string> class_names(const DataConfig& config) {
  if (!config.classes.empty()) return config.classes;
  std::vector<std::string> names;
  for (int k = 0; k < kClasses; ++k) names.push_back(std::to_string(k));
  return names;
}

}  // namespace

RandomData random_data(const DataConfig& config, int64_t images) {
  RandomData data;
  ImageSet& set = data.images;
  set.channels = static_cast<size_t>(config.channels);
  set.height = set.width = static_cast<size_t>(config.image_size);
  set.class_names = class_names(config);
  const auto n = static_cast<size_t>(images);
  for (size_t i = 0; i < n; ++i) {
    set.labels.push_back(static_cast<int64_t>(i % set.class_names.size()));
    set.ids.push_back("random-" + std::to_string(i));
  }
  set.usage.assign(n, Usage::kNone);
  auto pixels = std::make_shared<std::vector<uint8_t>>(n * set.image_bytes());
  Philox random(0, 0, 0, Purpose::kSynthetic);
  for (uint8_t& pixel : *pixels) pixel = static_cast<uint8_t>(random.next());
  set.pixels = pixels->data();
  set.owner = std::move(pixels);
  data.split.train.resize(n);
  std::iota(data.split.train.begin(), data.split.train.end(), 0);
  data.split.val = data.split.test = {0};
  return data;
}

}  // namespace fer
