#include <gmock/gmock.h>

#include "core/error.h"
#include "vision/face_detector.h"
#include "vision/image.h"

namespace fer {
namespace {

TEST(NoOpenCv, SaysHowToGetIt) {
  EXPECT_EQ(vision_version(), "none");
  try {
    decode_image({}, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[vision] expected OpenCV to decode images; got a program "
                 "without it. Build with -DFERBENCH_OPENCV=ON.");
  }
}

TEST(NoOpenCv, NeedsNoneToKeepTheSize) {
  const Image image{2, 1, 1, {3, 4}};
  EXPECT_EQ(resize_image(image, 2, 1).pixels, image.pixels);
  EXPECT_THROW(resize_image(image, 1, 1), Error);
}

TEST(NoOpenCv, FindsNoFaces) {
  try {
    const FaceDetector detector;
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[vision] expected OpenCV to find faces; got a program "
                 "without it. Build with -DFERBENCH_OPENCV=ON.");
  }
}

}  // namespace
}  // namespace fer
