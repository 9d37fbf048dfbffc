#include "deploy/onnx_session.h"

#include <gmock/gmock.h>

#include <cmath>
#include <thread>

#include "core/temporary_folder.h"
#include "tiny.h"

namespace fer {
namespace {

using testing::FloatNear;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointwise;
using testing::StartsWith;

std::string open_error(const std::filesystem::path& path) {
  return error_text([&] { OnnxSession session(path); });
}

/// `n` gray pictures of 8 x 8, black above, `lower` below.
std::vector<uint8_t> halves(const std::vector<uint8_t>& lower) {
  std::vector<uint8_t> pixels;
  for (const uint8_t value : lower) {
    pixels.insert(pixels.end(), 32, 0);
    pixels.insert(pixels.end(), 32, value);
  }
  return pixels;
}

TEST(OnnxSession, AnswersAsTheFormulaSays) {
  const OnnxSession session(tiny_path("gray"));
  EXPECT_EQ(session.contract().classes,
            (std::vector<std::string>{"happy", "sad"}));
  EXPECT_EQ(session.image_size(), 64u);
  const std::vector<float> want = {kHappy140, 1 - kHappy140, kHappy255,
                                   1 - kHappy255};
  EXPECT_THAT(session.run(halves({140, 255}), 2),
              Pointwise(FloatNear(1e-5F), want));
  EXPECT_THAT(session.run({}, 0), IsEmpty());
}

TEST(OnnxSession, BringsPixelsIntoTheLayoutAndTypeOfTheFile) {
  // 6 x 4 pixels of red 16, green 32, blue 0: e, e^2 and 1 over their sum. The
  // second picture has one pixel (of 24) of blue 240: its mean is 10.
  const OnnxSession session(tiny_path("rgb"));
  std::vector<uint8_t> pixels;
  for (int i = 0; i < 48; ++i)
    pixels.insert(pixels.end(),
                  {16, 32, static_cast<uint8_t>(i == 30 ? 240 : 0)});
  const std::vector<float> want = {0.244728F, 0.665241F, 0.090031F,
                                   0.226183F, 0.614828F, 0.158989F};
  // Second row: e, e^2, e^0.625 = 2.718282, 7.389056, 1.868246; sum 11.975584.
  const auto got = session.run(pixels, 2);
  EXPECT_NEAR(got[3], 2.718282 / 11.975584, 1e-5);
  EXPECT_NEAR(got[5], 1.868246 / 11.975584, 1e-5);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(got[i], want[i], 1e-5);
}

TEST(OnnxSession, ReadsFromBytesAsFromAFile) {
  const OnnxSession session(read_file(tiny_path("gray")), "upload");
  EXPECT_NEAR(session.run(halves({140}), 1)[0], kHappy140, 1e-5);
  EXPECT_THAT(error_text([] { OnnxSession broken("not a network", "upload"); }),
              HasSubstr("(upload)"));
}

TEST(OnnxSession, AnswersSeveralThreadsAtOnce) {
  SessionOptions options;
  options.streams = 2;
  const OnnxSession session(tiny_path("gray"), options);
  std::vector<int> wrong(4, 0);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        const auto level = static_cast<uint8_t>(120 + 5 * t);
        const float want = 1 / (1 + std::exp(-(level - 127.5F) / 16));
        for (int i = 0; i < 50; ++i)
          wrong[t] +=
              std::abs(session.run(halves({level}), 1)[0] - want) > 1e-5;
      });
  }
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(OnnxSession, RefusesAnotherNumberOfPixels) {
  const OnnxSession session(tiny_path("gray"));
  EXPECT_EQ(error_text([&] { session.run(halves({1}), 2); }),
            "[onnx] expected 2 x 64 pixels; got 64.");
}

TEST(OnnxSession, RefusesWhatIsNoFileOfFerbenchs) {
  EXPECT_THAT(open_error("nowhere.onnx"), HasSubstr("nowhere.onnx"));
  EXPECT_THAT(open_error(tiny_path("no_metadata")),
              StartsWith("[onnx] expected 'ferbench.format' in the file's "
                         "metadata; got none ("));
  EXPECT_THAT(open_error(tiny_path("no_classes")),
              StartsWith("[onnx] expected 'ferbench.classes'"));
  TemporaryFolder folder;
  EXPECT_THAT(
      open_error(folder.write("photo.onnx", "\xFF\xD8\xFF\xE0 not a network")),
      StartsWith("[onnx] expected an ONNX file of ferbench's; got one that "
                 "cannot be read: "));
  EXPECT_THAT(open_error(folder.write("empty.onnx", "")),
              HasSubstr("cannot be read"));
}

TEST(OnnxSession, RefusesAFileThatIsCutOffAnywhere) {
  const std::string whole = read_file(tiny_path("gray"));
  for (size_t size = 0; size < whole.size(); size += 41) {
    EXPECT_THAT(error_text([&] {
                  OnnxSession session(whole.substr(0, size), "cut.onnx");
                }),
                StartsWith("[onnx] expected"))
        << size;
  }
}

TEST(OnnxSession, RefusesANetworkThatIsNotWhatItSays) {
  EXPECT_THAT(open_error(tiny_path("other_size")),
              StartsWith("[onnx] expected 'image' u8 [?,48,48,1] as the file's "
                         "metadata say; got 'image' u8 [?,8,8,1] ("));
  EXPECT_THAT(open_error(tiny_path("fixed_batch")),
              HasSubstr("got 'image' u8 [1,8,8,1] ("));
  const OnnxSession doubled(tiny_path("no_probabilities"));
  EXPECT_THAT(error_text([&] { doubled.run(halves({140}), 1); }),
              StartsWith("[onnx] expected probabilities that sum to 1; got 2"));
}

TEST(OnnxSession, RefusesAFileThatIsTooLarge) {
  SessionOptions options;
  options.largest_file = 100;
  EXPECT_THAT(
      error_text([&] { OnnxSession session(tiny_path("gray"), options); }),
      StartsWith("[onnx] expected at most 100 bytes; got 934 ("));
}

TEST(OnnxSession, ComputesFasterNearTheSameAnswer) {
  SessionOptions options;
  options.arithmetic = Arithmetic::kAuto;
  const OnnxSession session(tiny_path("gray"), options);
  EXPECT_NEAR(session.run(halves({140}), 1)[0], kHappy140, 0.01);
}

TEST(Arithmetic, IsKnownByName) {
  EXPECT_EQ(parse_arithmetic("f32"), Arithmetic::kF32);
  EXPECT_EQ(parse_arithmetic("bf16"), Arithmetic::kBf16);
  EXPECT_EQ(error_text([] { parse_arithmetic("f16"); }),
            "[onnx] expected f32, bf16 or auto; got 'f16'.");
}

TEST(OpenVino, SaysItsVersion) {
  EXPECT_THAT(openvino_version(), HasSubstr("."));
}

}  // namespace
}  // namespace fer
