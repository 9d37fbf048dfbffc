// Finds faces with a Haar cascade (Viola and Jones 2001), as the report does.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vision/image.h"

namespace fer {

/// Pixels of a picture; inside it.
struct Box {
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const Box&) const = default;
};

/// The report's settings: detectMultiScale(gray, 1.3, 2).
struct DetectorOptions {
  double scale_factor = 1.3;  ///< between two window sizes; above 1, up to 4
  int neighbours = 2;         ///< overlapping hits that make a face; 0 to 100
  int min_size = 0;           ///< smallest side of a face; 0: the cascade's own
  /// Pictures with a longer side are shrunk to it for the search; 0: never.
  int search_side = 1280;
  /// Cascade file; empty: haarcascade_frontalface_default.xml of OpenCV's data
  /// package, looked for in default_cascade_folders().
  std::filesystem::path cascade;
};

/// $FERBENCH_CASCADES, if set, then where distributions put OpenCV's data.
std::vector<std::filesystem::path> default_cascade_folders();

/// detect() may be called from several threads at once.
class FaceDetector {
 public:
  /// DataError: no cascade there (all places are named), or a file that is
  /// none; Error: a setting out of range.
  explicit FaceDetector(const DetectorOptions& options = {});
  ~FaceDetector();
  FaceDetector(FaceDetector&&) noexcept;
  FaceDetector& operator=(FaceDetector&&) noexcept;

  /// Faces from the smallest to the largest, then by row and column; none where
  /// there is none. Colour pictures are searched in gray.
  std::vector<Box> detect(const Image& image) const;

  const std::filesystem::path& cascade() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The part of a picture; `box` must lie inside it.
Image crop_image(const Image& image, const Box& box);

}  // namespace fer
