#include "data/fingerprint.h"

#include "core/hash.h"

namespace fer {
namespace {

// The length goes first, so that {"ab", "c"} and {"a", "bc"} differ.
void update(Sha256& hash, std::string_view text) {
  const uint64_t size = text.size();
  hash.update(std::as_bytes(std::span(&size, 1)));
  hash.update(text);
}

}  // namespace

std::string image_fingerprint(const ImageSet& images) {
  Sha256 hash;
  const uint64_t shape[] = {images.size(), images.channels, images.height,
                            images.width, images.class_names.size()};
  hash.update(std::as_bytes(std::span(shape)));
  for (const std::string& name : images.class_names) update(hash, name);
  hash.update(std::as_bytes(std::span(images.labels)));
  for (const std::string& id : images.ids) update(hash, id);
  hash.update(std::as_bytes(
      std::span(images.pixels, images.size() * images.image_bytes())));
  return hash.hex();
}

}  // namespace fer
