#include "cli/data_sheets.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/audit_pictures.h"
#include "core/file.h"
#include "core/text.h"
#include "data/batch.h"
#include "data/contact.h"

namespace fer {
namespace {

// Steps through a class instead of its first files; without a divisor in common
// with its size, so that each image is met once.
size_t stride_through(size_t size) {
  size_t stride = 97;
  while (std::gcd(stride, size) > 1) stride += 2;
  return stride;
}

// The i-th image of each class, then the next: every class is seen.
std::vector<int64_t> rows_by_class(const ImageSet& images, size_t count) {
  std::vector<std::vector<int64_t>> groups(images.class_names.size());
  for (size_t i = 0; i < images.size(); ++i) {
    groups[static_cast<size_t>(images.labels[i])].push_back(
        static_cast<int64_t>(i));
  }
  std::vector<int64_t> rows;
  for (size_t turn = 0; rows.size() < std::min(count, images.size()); ++turn) {
    for (const auto& group : groups) {
      if (turn >= group.size() || rows.size() >= count) continue;
      rows.push_back(group[turn * stride_through(group.size()) % group.size()]);
    }
  }
  return rows;
}

}  // namespace

std::string audit_text(const Json& audit) {
  std::vector<std::vector<std::string>> rows = {{"finding", "count"}};
  for (const auto& [key, value] : audit.items()) {
    if (value.is_number_integer())
      rows.push_back({key, std::to_string(value.get<int64_t>())});
    else if (value.is_array())
      rows.push_back({key, std::to_string(value.size())});
    else if (value.is_null())
      rows.push_back({key, "not searched"});
  }
  const Json& cross = audit.at("cross_split");
  for (const auto& [pair, found] : cross.items()) {
    const Json& near = found.at("near");
    rows.push_back(
        {pair + " near twins", near.is_null() ? "not searched" : near.dump()});
  }
  for (const auto& [pair, found] : cross.items()) {
    rows.push_back(
        {pair + " copies or twins",
         fmt::format("{:.1f} %", 100 * found.at("share").get<double>())});
  }
  for (const auto& [pair, found] : cross.items()) {
    const double n = found.at("rows").get<double>();
    const double exact = found.at("exact").get<double>();
    rows.push_back(
        {pair + " exact copies",
         fmt::format("{} ({:.1f} %)", exact, n > 0 ? 100 * exact / n : 0)});
  }
  return format_table(rows);
}

void write_audit(const std::filesystem::path& folder, const Config& config,
                 const ImageSet& images, const Split& split, const Twins& twins,
                 const Json& audit) {
  write_json(folder / "audit.json", audit);
  write_file(folder / "audit.html",
             audit_html(audit_page(config, images, split, twins, audit)));
}

void write_class_sheet(const std::filesystem::path& path,
                       const ImageSet& images, int count) {
  write_contact_sheet(path, images,
                      rows_by_class(images, static_cast<size_t>(count)));
}

void write_augmented_sheet(const std::filesystem::path& path,
                           const ImageSet& images, const Split& split,
                           const Config& config, int count) {
  const auto seed = static_cast<uint64_t>(config.experiment.seed);
  auto samples = epoch_order(split.train.size(), seed, 1);
  samples.resize(std::min(samples.size(), static_cast<size_t>(count)));
  std::vector<float> values(samples.size() * images.image_bytes());
  fill_batch(images, split.train, samples, augment_settings(config.augment),
             seed, 1, values.data());
  const auto pixels = std::make_shared<std::vector<uint8_t>>();
  for (const float value : values) {
    pixels->push_back(static_cast<uint8_t>(std::lround(value * 255.0f)));
  }
  ImageSet shown = images;
  shown.labels.clear();
  for (const uint32_t sample : samples) {
    shown.labels.push_back(
        images.labels[static_cast<size_t>(split.train[sample])]);
  }
  shown.owner = pixels;
  shown.pixels = pixels->data();
  std::vector<int64_t> rows(samples.size());
  std::iota(rows.begin(), rows.end(), 0);
  write_contact_sheet(path, shown, rows);
}

}  // namespace fer
