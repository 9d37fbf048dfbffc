#include "deploy/predict.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "core/temporary_folder.h"
#include "deploy/predict_text.h"
#include "tiny.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::filesystem::path tiny_video() {
  return std::filesystem::path(FERBENCH_TEST_DIR) / "reference/lower_half.avi";
}

class Predict : public testing::Test {
 protected:
  std::string picture(const std::string& name, uint8_t lower) const {
    return folder_.write(name, png_of(two_halves(0, lower, 16))).string();
  }

  std::vector<Prediction> predict(const std::vector<std::string>& names,
                                  const PredictOptions& options = {},
                                  const PipelineOptions& pipeline = {}) {
    std::vector<Prediction> results;
    predict_files(whole_pictures(pipeline), picture_files(names), options,
                  [&](const Prediction& one) { results.push_back(one); });
    return results;
  }

  std::string text(const std::vector<Prediction>& predictions) const {
    return predictions_text(predictions, session_->contract());
  }

  TemporaryFolder folder_;
  std::shared_ptr<const OnnxSession> session_ = tiny_session();
};

TEST_F(Predict, TakesResultsInTheOrderOfTheFiles) {
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i)
    names.push_back(picture(fmt::format("{}.png", i), i % 2 ? 255 : 0));
  PredictOptions options;
  options.threads = 4;
  const auto results = predict(names, options);
  ASSERT_EQ(results.size(), 40u);
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(results[i].file, names[i]);
    EXPECT_EQ(results[i].outcome.faces[0].label, i % 2 ? 0u : 1u);
  }
}

TEST_F(Predict, GoesOnAfterAFileThatCannotBeRead) {
  const std::string bad = folder_.write("bad.png", "no picture").string();
  const auto results =
      predict({picture("a.png", 255), bad, picture("c.png", 0)});
  ASSERT_EQ(results.size(), 3u);
  EXPECT_THAT(results[1].error, StartsWith("[photo] expected a JPEG"));
  EXPECT_EQ(results[2].error, "");
  EXPECT_THAT(text(results), HasSubstr("2 read: 2 with an emotion"));
  EXPECT_THAT(text(results), HasSubstr("1 could not be read"));
  const Json line =
      Json::parse(prediction_line(results[1], session_->contract()));
  EXPECT_EQ(line["file"], bad);
  EXPECT_THAT(line["error"].get<std::string>(), StartsWith("[photo]"));
  EXPECT_FALSE(line.contains("emotion"));
}

TEST_F(Predict, PrintsOneLineOfJsonAPicture) {
  const auto results = predict({picture("a.png", 255)});
  const std::string line = prediction_line(results[0], session_->contract());
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const Json json = Json::parse(line);
  EXPECT_EQ(json["emotion"], "happy");
  EXPECT_EQ(json["width"], 16);
  EXPECT_FALSE(json.contains("frame"));
}

TEST_F(Predict, MarksWhatIsUnclearAndSaysWhatToDo) {
  PipelineOptions pipeline;
  pipeline.min_confidence = 0.9;
  const auto results =
      predict({picture("a.png", 140), picture("b.png", 255)}, {}, pipeline);
  EXPECT_THAT(text(results), HasSubstr("happy?        0.686"));
  EXPECT_THAT(text(results), HasSubstr("1 of low confidence (marked ?)"));
  EXPECT_THAT(text(results), HasSubstr("Show it more strongly"));
}

TEST_F(Predict, CallsAPictureWithoutAFaceNil) {
  Prediction prediction{"wall.jpg", {}, {}, {}};
  EXPECT_THAT(text({prediction}), HasSubstr("nil"));
  EXPECT_THAT(text({prediction}), HasSubstr("No face was found."));
}

TEST_F(Predict, WritesAnnotatedPicturesUnderTheirNames) {
  PredictOptions options;
  options.annotated = folder_ / "out";
  predict({picture("a.png", 255), picture("sub/a.png", 0)}, options);
  const std::string png = read_file(folder_ / "out/a.png");
  const Image drawn = decode_image(std::as_bytes(std::span(png)), 3);
  EXPECT_EQ(drawn.width, 480);  // 16 pixels, 30 times as large
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/a-2.png"));
  options.annotated = folder_ / "a.png";  // a file
  EXPECT_THAT(error_text([&] { predict({picture("b.png", 0)}, options); }),
              HasSubstr("a.png"));
}

// Six frames of 32 x 32: the lower half black, white, black, white, ...
TEST_F(Predict, ReadsTheFramesOfAVideo) {
  const auto results = predict({tiny_video().string()});
  ASSERT_EQ(results.size(), 6u);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(results[i].frame, static_cast<int64_t>(i));
    EXPECT_EQ(results[i].outcome.faces[0].label, i % 2 ? 0u : 1u) << i;
  }
  PredictOptions options;
  options.every = 2;
  const auto odd = predict({tiny_video().string()}, options);
  ASSERT_EQ(odd.size(), 3u);
  EXPECT_EQ(odd[2].frame, 4);
  EXPECT_EQ(odd[2].outcome.faces[0].label, 1u);
}

TEST_F(Predict, GivesTheLatestFrameOfAVideoWhenAsked) {
  PipelineOptions latest;
  latest.choice = FaceChoice::kLatest;
  const auto results = predict({tiny_video().string()}, {}, latest);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].frame, 5);
  EXPECT_EQ(results[0].outcome.faces[0].label, 0u);
}

TEST_F(Predict, GivesTheLastFrameOfAVideoWithoutAFace) {
  PipelineOptions latest;
  latest.choice = FaceChoice::kLatest;
  const std::vector<std::string> names = {tiny_video().string()};
  std::vector<Prediction> results;
  predict_files(FacePipeline(tiny_session(), latest), picture_files(names), {},
                [&](const Prediction& one) { results.push_back(one); });
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].frame, 5);
}

TEST_F(Predict, WritesFramesWherePicturesCannotBe) {
  const auto clip = folder_ / "clip.avi";
  std::filesystem::copy_file(tiny_video(), clip);
  PredictOptions options;
  options.annotated = folder_ / "out";
  predict({clip.string(), picture("clip-000000.png", 255)}, options);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/clip/000005.png"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/clip-000000.png"));
}

TEST_F(Predict, ReportsAVideoThatCannotBeRead) {
  const std::string bad = folder_.write("bad.avi", "no video").string();
  const auto results = predict({bad});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].error,
            "[video] expected a video; got a file that OpenCV cannot open (" +
                bad + ").");
}

TEST_F(Predict, RefusesEveryZerothFrame) {
  PredictOptions options;
  options.every = 0;
  EXPECT_EQ(error_text([&] { predict({picture("a.png", 0)}, options); }),
            "[predict] expected every frame or every n-th; got 0.");
}

}  // namespace
}  // namespace fer
