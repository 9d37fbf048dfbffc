#include "vision/video.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

// Six frames of 32 x 32 (tests/reference/lower_half_video.py): black above; the
// lower half black and white in turn.
constexpr const char* kVideo = FERBENCH_TEST_DIR "/reference/lower_half.avi";

TEST(VideoReader, GivesRgbFramesInTheirOrder) {
  VideoReader video(kVideo);
  Image frame;
  int number = 0;
  for (; video.next(frame); ++number) {
    ASSERT_EQ(frame.width, 32);
    ASSERT_EQ(frame.height, 32);
    EXPECT_NEAR(frame.pixels[0], 0, 8);
    EXPECT_NEAR(frame.pixels.back(), number % 2 ? 255 : 0, 8) << number;
  }
  EXPECT_EQ(number, 6);
}

TEST(VideoReader, PassesOverFrames) {
  VideoReader video(kVideo);
  Image frame;
  EXPECT_TRUE(video.skip());
  EXPECT_TRUE(video.next(frame));
  EXPECT_GT(frame.pixels.back(), 200);  // the second
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(video.skip());
  EXPECT_FALSE(video.skip());
  EXPECT_FALSE(video.next(frame));
}

TEST(VideoReader, RefusesWhatIsNoVideo) {
  TemporaryFolder folder;
  EXPECT_EQ(error_text([] { VideoReader video("nowhere.avi"); }),
            "[video] expected a video file; got no such file (nowhere.avi).");
  const std::string text = folder.write("text.avi", "no video").string();
  EXPECT_EQ(error_text([&] { VideoReader video(text); }),
            "[video] expected a video; got a file that OpenCV cannot open (" +
                text + ").");
}

}  // namespace
}  // namespace fer
