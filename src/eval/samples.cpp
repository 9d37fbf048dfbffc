#include "eval/samples.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <algorithm>

#include "data/contact.h"

namespace fer {
namespace {

// Spread over the split by a stride, so that no file order shows.
std::vector<size_t> choose(const Predictions& predictions, bool right,
                           size_t count) {
  std::vector<size_t> found;
  for (size_t i = 0; i < predictions.size(); ++i) {
    if ((predictions.labels[i] == predictions.predicted[i]) == right)
      found.push_back(i);
  }
  std::vector<size_t> chosen;
  const size_t n = std::min(count, found.size());
  for (size_t k = 0; k < n; ++k) chosen.push_back(found[k * found.size() / n]);
  return chosen;
}

// Right ones first; wrong ones are at most half, and fill up what is missing.
std::vector<size_t> choose(const Predictions& predictions, size_t count) {
  const auto wrong = choose(predictions, false, count / 2);
  auto chosen = choose(predictions, true, count - wrong.size());
  chosen.insert(chosen.end(), wrong.begin(), wrong.end());
  return chosen;
}

}  // namespace

std::string base64(std::span<const std::byte> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int n =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(n));
  return text;
}

Json sample_predictions(const ImageSet& images,
                        const std::vector<int64_t>& rows,
                        const Predictions& predictions, size_t count) {
  Json samples = Json::array();
  for (const size_t i : choose(predictions, count)) {
    const auto label = static_cast<size_t>(predictions.labels[i]);
    const auto predicted = static_cast<size_t>(predictions.predicted[i]);
    const auto png =
        encode_png(picture_of(images, static_cast<size_t>(rows[i])));
    samples.push_back({{"id", predictions.ids[i]},
                       {"label", predictions.class_names[label]},
                       {"predicted", predictions.class_names[predicted]},
                       {"probability", predictions.probability(i, predicted)},
                       {"png", base64(png)}});
  }
  return samples;
}

void write_sample_sheet(const std::filesystem::path& path,
                        const ImageSet& images,
                        const std::vector<int64_t>& rows,
                        const Predictions& predictions, size_t count) {
  std::vector<Tile> tiles;
  for (const size_t i : choose(predictions, count)) {
    const bool right = predictions.labels[i] == predictions.predicted[i];
    const auto predicted = static_cast<size_t>(predictions.predicted[i]);
    tiles.push_back(
        {picture_of(images, static_cast<size_t>(rows[i])),
         fmt::format("{} {:.2f}", predictions.class_names[predicted],
                     predictions.probability(i, predicted)),
         right ? Tile::Mark::kGood : Tile::Mark::kBad});
  }
  if (!tiles.empty()) write_picture(path, contact_sheet(tiles, 8));
}

}  // namespace fer
