#include "export/pixels.h"

#include "core/error.h"

namespace fer {

void check_fits(const Pixels& images, const OnnxContract& contract,
                const char* where) {
  const int64_t size =
      int64_t{contract.channels} * contract.height * contract.width;
  if (images.count > 0 &&
      images.values.size() == static_cast<size_t>(images.count * size))
    return;
  fail<DataError>(
      "[{}] expected images of {} x {} x {} (channels, height, width); got {} "
      "bytes for {} images. Take the data that the run was trained on.",
      where, contract.channels, contract.height, contract.width,
      images.values.size(), images.count);
}

std::vector<uint8_t> channels_last(const Pixels& images,
                                   const OnnxContract& contract, int64_t first,
                                   int64_t n) {
  const int64_t places = int64_t{contract.height} * contract.width;
  const int64_t channels = contract.channels;
  std::vector<uint8_t> result(static_cast<size_t>(n * places * channels));
  auto to = result.begin();
  for (int64_t i = 0; i < n; ++i) {
    const uint8_t* image =
        images.values.data() + (first + i) % images.count * places * channels;
    for (int64_t p = 0; p < places; ++p)
      for (int64_t c = 0; c < channels; ++c) *to++ = image[c * places + p];
  }
  return result;
}

}  // namespace fer
