// The common end of every source: names become labels, loose images become one
// ImageSet.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"
#include "vision/image.h"

namespace fer {

/// An image on its way into a set, already of the final size.
struct LooseImage {
  std::string id;
  std::string class_name;
  Usage usage = Usage::kNone;
  int part = 0;  ///< first key of the order, before the label
  std::vector<uint8_t> pixels;
};

/// data.classes and data.relabel at work.
class ClassFilter {
 public:
  explicit ClassFilter(const DataConfig& config);

  /// The name after relabelling, nullopt where it is not selected. Remembers
  /// the names it met.
  std::optional<std::string> operator()(const std::string& name);

  /// Class names by label: data.classes, or all met, sorted. DataError where a
  /// class that the settings name was never met; `path` is for the message.
  std::vector<std::string> finish(const std::string& path) const;

 private:
  const DataConfig& config_;
  std::set<std::string> met_;      ///< before relabelling
  std::set<std::string> renamed_;  ///< after
};

/// The image with data.channels and data.image_size.
Image fit_image(Image image, const DataConfig& config);

/// Whether images stand as they came or sorted by (part, label, id).
enum class Order { kAsRead, kSorted };

/// Puts the images together and adds the fingerprint. DataError: no images, two
/// with one id, a class that was not met.
ImageSet assemble(std::vector<LooseImage> images, std::vector<BadImage> bad,
                  const ClassFilter& filter, const DataConfig& config,
                  Order order);

}  // namespace fer
