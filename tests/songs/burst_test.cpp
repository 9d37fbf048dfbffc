#include "songs/burst.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::vector<std::pair<std::string, int64_t>> counted(const Burst& burst) {
  std::vector<std::pair<std::string, int64_t>> counts;
  for (const EmotionCount& count : burst.emotions)
    counts.emplace_back(name_of(count.emotion), count.frames);
  return counts;
}

class BurstFile : public testing::Test {
 protected:
  std::vector<Frame> read(const std::string& text) {
    return read_frames(folder_.write("burst.txt", text));
  }
  std::string error_of(const std::string& text) {
    return error_text([&] { read(text); });
  }
  std::string path() const { return (folder_ / "burst.txt").string(); }
  TemporaryFolder folder_;
};

TEST(ParseEmotion, TakesTheUsualWords) {
  EXPECT_EQ(name_of(parse_emotion("Happy")), "happy");
  EXPECT_EQ(name_of(parse_emotion("surprised")), "surprise");
  EXPECT_EQ(name_of(parse_emotion("ANGER")), "angry");
  EXPECT_EQ(name_of(parse_emotion("fearful")), "fear");
}

TEST(ParseEmotion, SuggestsTheNearest) {
  EXPECT_EQ(error_text([] { parse_emotion("hapy"); }),
            "[recommend] expected an emotion (angry, disgust, fear, happy, "
            "neutral, sad or surprise); got \"hapy\"; did you mean happy?");
  EXPECT_THAT(error_text([] { parse_emotion("contempt"); }),
              testing::EndsWith("got \"contempt\"."));
}

TEST_F(BurstFile, SortsByFrequencyAndDropsRepeats) {
  const Burst burst = summarise_burst(
      read("# a burst\nsad\nhappy\nhappy, surprise\n\nnil\nhappy\nsurprise\nno "
           "face\nhappy, happy\n"));
  // happy in four frames (once each), surprise in two, sad in one.
  EXPECT_THAT(counted(burst), ElementsAre(Pair("happy", 4), Pair("surprise", 2),
                                          Pair("sad", 1)));
  EXPECT_EQ(burst.frames, 8);
  EXPECT_EQ(burst.no_face, 2);
}

TEST_F(BurstFile, CountsEveryLikelyEmotionOfAFrame) {
  const Burst burst = summarise_burst(
      read("{\"happy\": 0.5, \"surprise\": 0.3, \"sad\": 0.2}\n"
           "{\"sad\": 0.29, \"happy\": 0.29, \"fear\": 0.28}\n{}\n"));
  EXPECT_THAT(counted(burst),
              ElementsAre(Pair("happy", 1), Pair("surprise", 1)));
  EXPECT_EQ(burst.unclear, 1);
  EXPECT_EQ(burst.no_face, 1);
}

TEST_F(BurstFile, TiesFollowTheOrderOfTheEmotions) {
  EXPECT_THAT(
      counted(summarise_burst(read("surprise\nangry\nsad\n"))),
      ElementsAre(Pair("angry", 1), Pair("sad", 1), Pair("surprise", 1)));
}

TEST_F(BurstFile, AsksToTryAgainWithoutAFace) {
  EXPECT_EQ(
      error_text([&] { summarise_burst(read("nil\n{\"sad\": 0.2}\nnil\n")); }),
      "[recommend] expected an emotion in at least one of 3 frames; got 2 "
      "without a face and 1 in which none reaches 0.3. Face the camera in even "
      "light and try again.");
}

TEST_F(BurstFile, NamesTheLineOfAFault) {
  EXPECT_EQ(error_of("happy\n\nhapy\n"),
            "[recommend] expected an emotion (angry, disgust, fear, happy, "
            "neutral, sad or surprise); got \"hapy\"; did you mean happy? (" +
                path() + ":3:1). Mend the line.");
  EXPECT_EQ(error_of("{\"happy\": 1.5}\n"),
            "[recommend] expected a probability from 0 to 1 for \"happy\"; got "
            "1.5 (" +
                path() + ":1:1). Mend the line.");
  EXPECT_EQ(error_of("{\"happy\": \n"),
            "[recommend] expected a JSON object such as {\"happy\": 0.7}; got "
            "\"{\"happy\":\" (" +
                path() + ":1:1). Mend the line.");
  EXPECT_THAT(error_of("happy,\n"), HasSubstr("got \"\" ("));
  EXPECT_THAT(error_of("# nothing\n"),
              HasSubstr("expected one frame a line; got none"));
}

TEST(SingleEmotion, IsABurstOfOne) {
  EXPECT_THAT(counted(single_emotion(FaceEmotion::kFear)),
              ElementsAre(Pair("fear", 1)));
}

TEST(PointOf, PutsTheEmotionsWhereTheyBelong) {
  const MoodPoint happy = point_of(FaceEmotion::kHappy);
  const MoodPoint sad = point_of(FaceEmotion::kSad);
  const MoodPoint angry = point_of(FaceEmotion::kAngry);
  EXPECT_NEAR(happy.valence, 0.88, 1e-12);  // (0.76 + 1) / 2
  EXPECT_LT(sad.valence, 0.5);
  EXPECT_LT(sad.arousal, 0.5);
  EXPECT_GT(angry.arousal, 0.5);
  EXPECT_EQ(point_of(FaceEmotion::kNeutral).dominance, 0.5);
}

}  // namespace
}  // namespace fer
