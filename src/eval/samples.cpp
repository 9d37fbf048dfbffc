#include "eval/samples.h"

#include <openssl/evp.h>

#include <algorithm>
#include <numeric>

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
  std::vector<size_t> chosen = choose(predictions, false, count / 2);
  const auto right = choose(predictions, true, count - chosen.size());
  chosen.insert(chosen.begin(), right.begin(), right.end());
  Json samples = Json::array();
  for (const size_t i : chosen) {
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

}  // namespace fer
