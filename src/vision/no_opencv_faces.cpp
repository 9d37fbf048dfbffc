// What finds and draws faces, without OpenCV: throws.
#include "core/error.h"
#include "vision/annotate.h"
#include "vision/contrast.h"
#include "vision/face_detector.h"

namespace fer {
namespace {

[[noreturn]] void fail_not_built(const char* what) {
  fail<Error>(
      "[vision] expected OpenCV to {}; got a program without it. Build with "
      "-DFERBENCH_OPENCV=ON.",
      what);
}

}  // namespace

struct FaceDetector::State {
  std::filesystem::path path;
};

FaceDetector::FaceDetector(const DetectorOptions&) {
  fail_not_built("find faces");
}
FaceDetector::~FaceDetector() = default;
FaceDetector::FaceDetector(FaceDetector&&) noexcept = default;
FaceDetector& FaceDetector::operator=(FaceDetector&&) noexcept = default;

std::vector<Box> FaceDetector::detect(const Image&) const {
  fail_not_built("find faces");
}
const std::filesystem::path& FaceDetector::cascade() const {
  return state_->path;
}

Image even_contrast(const Image&) { fail_not_built("even out the contrast"); }

Image annotate(const Image&, std::span<const Annotation>) {
  fail_not_built("draw into pictures");
}

}  // namespace fer
