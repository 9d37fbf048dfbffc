#include "deploy/face_pipeline.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"
#include "tiny.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(FacePipeline, AsksTheNetworkAboutTheWholePicture) {
  const FacePipeline pipeline = whole_pictures();
  const Outcome outcome = pipeline.read(two_halves(0, 140));
  EXPECT_EQ(outcome.kind, Outcome::Kind::kEmotion);
  EXPECT_EQ(outcome.width, 8);
  ASSERT_EQ(outcome.faces.size(), 1u);
  EXPECT_EQ(outcome.faces[0].box, (Box{0, 0, 8, 8}));
  EXPECT_EQ(outcome.faces[0].label, 0u);
  EXPECT_NEAR(outcome.faces[0].confidence(), kHappy140, 1e-5);
  EXPECT_EQ(advice(outcome), "");
}

TEST(FacePipeline, ReadsTheBytesOfAFile) {
  const std::string png = png_of(two_halves(255, 0, 32));
  const Outcome outcome = whole_pictures().read(std::as_bytes(std::span(png)));
  EXPECT_EQ(outcome.width, 32);
  EXPECT_EQ(outcome.faces[0].label, 1u);  // dark below: sad
}

TEST(FacePipeline, FindsNoFaceInAPlainPicture) {
  const FacePipeline pipeline(tiny_session());
  const Outcome outcome = pipeline.read(two_halves(90, 120, 200));
  EXPECT_EQ(outcome.kind, Outcome::Kind::kNoFace);
  EXPECT_EQ(outcome.faces_found, 0u);
  EXPECT_THAT(outcome.faces, IsEmpty());
  EXPECT_THAT(advice(outcome), HasSubstr("No face was found."));
  const Json json = outcome_json(outcome, pipeline.contract());
  EXPECT_EQ(json["outcome"], "no_face");
  EXPECT_TRUE(json["emotion"].is_null());
  EXPECT_TRUE(json["confidence"].is_null());
  EXPECT_THAT(json["advice"].get<std::string>(), HasSubstr("try another"));
}

TEST(FacePipeline, IsNotConfidentBelowTheLimit) {
  PipelineOptions options;
  options.min_confidence = 0.7;
  const FacePipeline pipeline = whole_pictures(options);
  const Outcome outcome = pipeline.read(two_halves(0, 140));  // 0.686
  EXPECT_EQ(outcome.kind, Outcome::Kind::kLowConfidence);
  EXPECT_THAT(advice(outcome), HasSubstr("not clear"));
  const Json json = outcome_json(outcome, pipeline.contract());
  EXPECT_EQ(json["outcome"], "low_confidence");
  EXPECT_TRUE(json["emotion"].is_null());
  EXPECT_EQ(json["faces"][0]["emotion"], "happy");
  EXPECT_EQ(pipeline.read(two_halves(0, 255)).kind, Outcome::Kind::kEmotion);
}

TEST(FacePipeline, TellsEverythingInJson) {
  const FacePipeline pipeline = whole_pictures();
  const Json json =
      outcome_json(pipeline.read(two_halves(0, 140)), pipeline.contract());
  EXPECT_EQ(json["outcome"], "emotion");
  EXPECT_EQ(json["emotion"], "happy");
  EXPECT_EQ(json["faces_found"], 1);
  EXPECT_EQ(json["faces"][0]["box"], Json({0, 0, 8, 8}));
  EXPECT_NEAR(json["faces"][0]["probabilities"]["sad"].get<double>(),
              1 - kHappy140, 1e-5);
  EXPECT_TRUE(json["advice"].is_null());
  EXPECT_GE(json["milliseconds"]["network"].get<double>(), 0);
}

TEST(FacePipeline, EvensOutTheContrastWhenAsked) {
  PipelineOptions options;
  options.contrast = true;
  // Low contrast below: the histogram of each tile is spread out.
  const float plain =
      whole_pictures().read(two_halves(100, 110, 64)).faces[0].probabilities[0];
  const float evened = whole_pictures(options)
                           .read(two_halves(100, 110, 64))
                           .faces[0]
                           .probabilities[0];
  EXPECT_NE(plain, evened);
}

TEST(FacePipeline, RefusesSettingsOutOfRange) {
  PipelineOptions options;
  options.margin = 1.5;
  EXPECT_EQ(error_text([&] { whole_pictures(options); }),
            "[predict] expected a margin from 0 to 1; got 1.5.");
  options.margin = 0;
  options.min_confidence = -1;
  EXPECT_EQ(error_text([&] { whole_pictures(options); }),
            "[predict] expected a smallest confidence from 0 to 1; got -1.");
}

TEST(FaceChoice, IsKnownByName) {
  EXPECT_EQ(parse_face_choice("largest"), FaceChoice::kLargest);
  EXPECT_EQ(parse_face_choice("all"), FaceChoice::kAll);
  EXPECT_EQ(parse_face_choice("latest"), FaceChoice::kLatest);
  EXPECT_EQ(error_text([] { parse_face_choice("first"); }),
            "[predict] expected largest, all or latest; got 'first'.");
}

Outcome seen(Outcome::Kind kind, std::vector<float> probabilities) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.faces.push_back({{}, std::move(probabilities), 0});
  return outcome;
}

TEST(FrameOf, HoldsTheLikeliestEmotionOrAllOfThem) {
  OnnxContract contract;
  contract.classes = {"surprise", "happy"};
  const Outcome outcome = seen(Outcome::Kind::kEmotion, {0.6F, 0.4F});
  const Frame one = frame_of(outcome, contract, false);
  ASSERT_EQ(one.emotions.size(), 1u);
  EXPECT_EQ(one.emotions[0], (std::pair{FaceEmotion::kSurprise, 1.0}));
  const Frame both = frame_of(outcome, contract, true);
  ASSERT_EQ(both.emotions.size(), 2u);
  EXPECT_EQ(both.emotions[1].first, FaceEmotion::kHappy);
  EXPECT_NEAR(both.emotions[1].second, 0.4, 1e-6);
  EXPECT_TRUE(wants_mixed("valence_arousal"));
  EXPECT_FALSE(wants_mixed("report"));
}

TEST(FrameOf, LeavesUnclearFacesUnseenAndNoFaceEmpty) {
  OnnxContract contract;
  contract.classes = {"happy", "sad"};
  const Frame frames[] = {
      frame_of(seen(Outcome::Kind::kLowConfidence, {0.51F, 0.49F}), contract,
               false),
      frame_of(Outcome{}, contract, false),
      frame_of(seen(Outcome::Kind::kEmotion, {0.9F, 0.1F}), contract, false)};
  const Burst burst = summarise_burst(frames);
  EXPECT_EQ(burst.unclear, 1);
  EXPECT_EQ(burst.no_face, 1);
  ASSERT_EQ(burst.emotions.size(), 1u);
  EXPECT_EQ(burst.emotions[0].emotion, FaceEmotion::kHappy);
}

TEST(FrameOf, RefusesAClassThatIsNoEmotion) {
  OnnxContract contract;
  contract.classes = {"cat", "dog"};
  EXPECT_THAT(
      error_text([&] {
        frame_of(seen(Outcome::Kind::kEmotion, {0.9F, 0.1F}), contract, false);
      }),
      HasSubstr("got \"cat\"."));
}

}  // namespace
}  // namespace fer
