#include "deploy/validate.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "core/temporary_folder.h"
#include "songs/song_builder.h"
#include "tiny.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Lower half 255: happy, surely; 0: sad, surely; 128: happy, hardly (0.508).
LabelledPicture shown(const std::string& label, uint8_t lower) {
  return {label + std::to_string(lower), label, {}, two_halves(0, lower)};
}

std::vector<std::string> rows(const Validation& validation) {
  std::vector<std::string> result;
  for (const Stage& stage : validation.stages)
    result.push_back(fmt::format("{} {}/{} -{} +{}", stage.name, stage.kept,
                                 stage.of, stage.lost, stage.gained));
  return result;
}

Validation run(const std::vector<LabelledPicture>& pictures,
               ValidateOptions options = {}, double min_confidence = 0.6) {
  PipelineOptions pipeline;
  pipeline.min_confidence = min_confidence;
  return validate(whole_pictures(pipeline), pictures, options);
}

TEST(Validate, CountsWhatEachStageLoses) {
  TemporaryFolder folder;
  LabelledPicture broken{"broken", "happy", folder.write("a.jpg", "x"), {}};
  const Validation result = run({shown("happy", 255),      // right
                                 shown("happiness", 255),  // right
                                 shown("happy", 0),        // wrong
                                 shown("sad", 0),          // right
                                 shown("sad", 128),        // unclear
                                 shown("fear", 0),         // left out
                                 broken});
  EXPECT_EQ(result.given, 7);
  EXPECT_EQ(result.left_out, 1);
  EXPECT_THAT(rows(result),
              ElementsAre("read 5/6 -1 +0", "face 5/6 -0 +0", "clear 4/6 -1 +0",
                          "emotion 3/6 -1 +0", "genre 3/6 -0 +0"));
  ASSERT_EQ(result.classes.size(), 2u);
  EXPECT_EQ(result.classes[0].name, "happy");
  EXPECT_EQ(result.classes[0].pictures, 4);
  EXPECT_EQ(result.classes[0].right, 2);
  ASSERT_EQ(result.unreadable.size(), 1u);
  EXPECT_THAT(result.unreadable[0], StartsWith("broken: [photo] expected"));
}

TEST(Validate, CountsAPictureWithoutAFaceAsLost) {
  const std::vector<LabelledPicture> pictures = {
      {"wall", "happy", {}, two_halves(90, 120, 120)}};
  const Validation result = validate(FacePipeline(tiny_session()), pictures);
  EXPECT_THAT(rows(result),
              ElementsAre("read 1/1 -0 +0", "face 0/1 -1 +0", "clear 0/1 -0 +0",
                          "emotion 0/1 -0 +0", "genre 0/1 -0 +0"));
}

TEST(Validate, AsksWhetherTheSongsServedCarryTheRightMood) {
  // Happy faces get cheerful songs, all labelled Sad; sad faces get sombre
  // ones, one of two labelled Sad.
  TemporaryFolder folder;
  const SongDatabase songs(make_catalogue(
      folder,
      {test_song(1, "cheerful", "Sad", 50), test_song(2, "cheerful", "Sad", 50),
       test_song(3, "sombre", "Sad", 50), test_song(4, "sombre", "Calm", 50)}));
  ValidateOptions options;
  options.songs = &songs;
  const Validation result = run({shown("happy", 255), shown("happy", 0),
                                 shown("sad", 0), shown("sad", 255)},
                                options);
  // Sad taken for happy: wrong genre, but songs labelled Sad after all.
  EXPECT_THAT(rows(result), ElementsAre("read 4/4 -0 +0", "face 4/4 -0 +0",
                                        "clear 4/4 -0 +0", "emotion 2/4 -2 +0",
                                        "genre 2/4 -0 +0", "mood 2/4 -1 +1"));
}

TEST(Validate, LeavesOutEmotionsThatThePolicyDoesNotKnow) {
  PipelineOptions whole;
  whole.whole_picture = true;
  const FacePipeline colours(tiny_session("rgb"), whole);
  Image red{6, 6, 3, {}};
  for (int i = 0; i < 36; ++i) red.pixels.insert(red.pixels.end(), {255, 0, 0});
  const std::vector<LabelledPicture> pictures = {{"1", "angry", {}, red},
                                                 {"2", "surprise", {}, red},
                                                 {"3", "happy", {}, red}};
  ValidateOptions options;
  EXPECT_THAT(rows(validate(colours, pictures, options)),
              testing::Contains("genre 0/1 -0 +0"));  // of the happy one
  options.recommend.policy = "mood_table";
  EXPECT_THAT(rows(validate(colours, pictures, options)),
              testing::Contains("genre 1/3 -0 +0"));
}

TEST(Validate, SaysWhenAnEmotionHasNoSongs) {
  TemporaryFolder folder;
  const SongDatabase songs(
      make_catalogue(folder, {test_song(1, "cheerful", "Happy", 50)}));
  ValidateOptions options;
  options.songs = &songs;
  const Validation result = run({shown("sad", 0), shown("sad", 0)}, options);
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_THAT(result.notes[0], StartsWith("no songs for sad: [recommend]"));
}

TEST(Validate, StopsAtSettingsThatCanServeNothing) {
  TemporaryFolder folder;
  const SongDatabase songs(
      make_catalogue(folder, {test_song(1, "cheerful", "Happy", 50)}));
  ValidateOptions none, unnamed;
  none.songs = unnamed.songs = &songs;
  none.recommend.count = 0;
  unnamed.recommend.policy = "playlist";
  for (const ValidateOptions& options : {none, unnamed})
    EXPECT_THAT(error_text([&] { run({shown("happy", 255)}, options); }),
                StartsWith("[recommend] expected"));
}

TEST(Validate, RefusesLabelsThatNobodyKnows) {
  EXPECT_EQ(error_text([] { run({shown("fear", 0)}); }),
            "[validate] expected pictures of an emotion that the model knows "
            "(happy, sad); got none of 1.");
  EXPECT_THAT(error_text([] { run({shown("cat", 0)}); }),
              HasSubstr("got \"cat\"."));
}

TEST(ValidationText, GivesSharesWithWilsonsInterval) {
  const Validation result = run({shown("happy", 255), shown("happy", 255),
                                 shown("happy", 0), shown("fear", 0)});
  // Wilson for 2 of 3: centre (2/3 + z^2/6) / (1 + z^2/3) = 0.573, half width
  // 0.365: 0.208 to 0.939.
  const std::string text = validation_text(result);
  EXPECT_THAT(text, StartsWith("1 of 4 pictures show an emotion"));
  EXPECT_THAT(text, HasSubstr("66.7 %   20.8 to 93.9     1"));
  EXPECT_THAT(text, HasSubstr("policy report; median of a picture:"));
  const Json json = validation_json(result);
  EXPECT_EQ(json["stages"][3]["stage"], "emotion");
  EXPECT_EQ(json["stages"][3]["kept"], 2);
  EXPECT_NEAR(json["stages"][3]["interval"][0].get<double>(), 0.208, 5e-4);
  EXPECT_EQ(json["classes"]["happy"]["right"], 2);
  EXPECT_EQ(json["left_out"], 1);
}

}  // namespace
}  // namespace fer
