#include "vision/face_detector.h"

#include <algorithm>
#include <cmath>
#include <opencv2/objdetect.hpp>
#include <tuple>

#include "core/error.h"
#include "core/pool.h"
#include "vision/cascade_path.h"

namespace fer {
namespace {

cv::CascadeClassifier load(const std::filesystem::path& path) {
  cv::CascadeClassifier cascade;
  bool loaded = false;
  try {
    loaded = cascade.load(path.string());
  } catch (const cv::Exception&) {
    // Not XML, or not a cascade: said below.
  }
  if (!loaded || cascade.empty()) {
    fail<DataError>(
        "[faces] expected a Haar or LBP cascade; got something else ({}). "
        "Name another one with --cascade.",
        path.string());
  }
  return cascade;
}

// The search runs on several threads and finds in any order.
void sort(std::vector<Box>& boxes) {
  std::ranges::sort(boxes, {}, [](const Box& box) {
    return std::tuple(int64_t{box.width} * box.height, box.y, box.x, box.width);
  });
}

Box enlarged(const cv::Rect& found, double scale, const Image& picture) {
  const auto grow = [scale](int value, int most) {
    return std::clamp(static_cast<int>(std::lround(value * scale)), 0, most);
  };
  Box box{grow(found.x, picture.width - 1), grow(found.y, picture.height - 1),
          0, 0};
  box.width = grow(found.width, picture.width - box.x);
  box.height = grow(found.height, picture.height - box.y);
  return box;
}

}  // namespace

struct FaceDetector::State {
  DetectorOptions options;
  std::filesystem::path path;
  Pool<cv::CascadeClassifier> cascades{[this] { return load(path); }};
};

FaceDetector::FaceDetector(const DetectorOptions& options)
    : state_(std::make_unique<State>()) {
  check_detector_options(options);
  state_->options = options;
  state_->path = cascade_path(options.cascade);
  state_->cascades.use([](cv::CascadeClassifier&) {});  // fails here, not later
}

FaceDetector::~FaceDetector() = default;
FaceDetector::FaceDetector(FaceDetector&&) noexcept = default;
FaceDetector& FaceDetector::operator=(FaceDetector&&) noexcept = default;

const std::filesystem::path& FaceDetector::cascade() const {
  return state_->path;
}

std::vector<Box> FaceDetector::detect(const Image& image) const {
  const DetectorOptions& options = state_->options;
  Image gray = convert_channels(image, 1);
  const int longest = std::max(image.width, image.height);
  double scale = 1;
  if (options.search_side > 0 && longest > options.search_side) {
    scale = static_cast<double>(longest) / options.search_side;
    gray = resize_image(gray, std::max(1, cvRound(image.width / scale)),
                        std::max(1, cvRound(image.height / scale)));
  }
  const cv::Mat view(gray.height, gray.width, CV_8U, gray.pixels.data());
  const int smallest = cvRound(options.min_size / scale);
  std::vector<cv::Rect> found;
  state_->cascades.use([&](cv::CascadeClassifier& cascade) {
    cascade.detectMultiScale(view, found, options.scale_factor,
                             options.neighbours, 0, {smallest, smallest});
  });
  std::vector<Box> boxes;
  for (const cv::Rect& face : found)
    boxes.push_back(enlarged(face, scale, image));
  sort(boxes);
  return boxes;
}

}  // namespace fer
