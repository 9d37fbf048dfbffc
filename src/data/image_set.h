// The images of an experiment after decoding: uint8, labelled, named.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fer {

/// Which official part of FER2013 an image belongs to; kNone where the source
/// has none.
enum class Usage : uint8_t { kNone, kTraining, kPublicTest, kPrivateTest };

/// A file that could not be used, and why.
struct BadImage {
  std::string id;
  std::string reason;
};

/// Labels that somebody else gives to the same images: what a run is scored
/// against besides its own.
struct OtherLabels {
  std::string name;  ///< "folder" or "ferplus"; empty: there are none
  std::vector<int64_t> labels;  ///< [N]; -1: none of the classes
};

/// Images `uint8 [N, C, H, W]` with labels `[N]`. Cheap to copy: pixels are
/// shared (they may be a memory-mapped cache file).
struct ImageSet {
  size_t channels = 1;
  size_t height = 0;
  size_t width = 0;
  std::vector<std::string> class_names;  ///< by label
  std::vector<int64_t> labels;
  std::vector<std::string>
      ids;  ///< path inside the source, or "row-<n>"; unique
  std::vector<Usage> usage;
  std::vector<BadImage> bad;  ///< skipped files
  std::string
      fingerprint;  ///< SHA-256 of pixels, (soft) labels, ids and class names
  std::shared_ptr<const void> owner;  ///< keeps `pixels` alive
  const uint8_t* pixels = nullptr;
  std::vector<float> targets;  ///< soft labels [N, K], rows sum to 1, or empty
  OtherLabels other;

  size_t size() const { return labels.size(); }
  size_t image_bytes() const { return channels * height * width; }
  std::span<const uint8_t> image(size_t i) const {
    return {pixels + i * image_bytes(), image_bytes()};
  }
};

}  // namespace fer
