#include "songs/mood_agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "songs/reference.h"
#include "songs/song_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// `counts` songs of each genre and mood.
std::vector<Song> songs_of(
    std::initializer_list<std::tuple<const char*, const char*, int>> counts) {
  std::vector<Song> songs;
  for (const auto& [genre, mood, n] : counts)
    for (int i = 0; i < n; ++i)
      songs.push_back(
          test_song(static_cast<int>(songs.size()), genre, mood, 0));
  return songs;
}

TEST(AdjustedRandIndex, EqualsSklearn) {
  for (const Json& c : songs_reference()["adjusted_rand"])
    EXPECT_NEAR(adjusted_rand_index(c["a"].get<std::vector<int>>(),
                                    c["b"].get<std::vector<int>>()),
                c["index"].get<double>(), 1e-12);
}

TEST(AdjustedRandIndex, KnowsItsEnds) {
  EXPECT_EQ(adjusted_rand_index({0, 0, 1}, {1, 1, 0}), 1);
  EXPECT_EQ(adjusted_rand_index({}, {}), 1);
  EXPECT_EQ(adjusted_rand_index({0, 0}, {0, 0}), 1);
  EXPECT_NEAR(adjusted_rand_index({0, 0, 0, 0}, {0, 0, 1, 1}), 0, 1e-15);
  EXPECT_EQ(error_text([] { adjusted_rand_index({0}, {}); }),
            "[songs] expected two labellings of the same things; got 1 and 0.");
}

TEST(Purity, CountsTheMostFrequentClass) {
  // Cluster 0: classes 0, 0, 1 (two right); cluster 1: class 2 (one): 3 / 4.
  EXPECT_EQ(purity({0, 0, 0, 1}, {0, 0, 1, 2}), 0.75);
}

TEST(MoodAgreement, CountsAndServes) {
  const auto agreement = mood_agreement(songs_of({{"cheerful", "Happy", 9},
                                                  {"sombre", "happy", 1},
                                                  {"cheerful", "Sad", 4},
                                                  {"sombre", "Sad", 16},
                                                  {"sombre", "", 5},
                                                  {"", "Sad", 5}}));
  ASSERT_TRUE(agreement);
  EXPECT_EQ(agreement->songs, 30);  // those with both
  EXPECT_THAT(agreement->genres, ElementsAre("cheerful", "sombre"));
  EXPECT_EQ(agreement->of_mood("HAPPY"), 10);
  EXPECT_EQ(agreement->in_genre("Sad", "cheerful"), 4);
  EXPECT_NEAR(*served_right(*agreement), (0.9 + 0.8) / 2, 1e-15);
  EXPECT_THAT(agreement_sentence(*agreement),
              HasSubstr("The clusters separate happy from sad songs: cheerful "
                        "holds 9 of 10 Happy songs and 4 of 20 Sad songs."));
  EXPECT_LT(agreement->p, 0.01);
}

TEST(MoodAgreement, SaysWhenItIsNotTheMoodThatIsSeparated) {
  // Calm against the rest: far beyond chance, and useless for happy and sad.
  const auto agreement = mood_agreement(songs_of({{"cheerful", "Happy", 20},
                                                  {"cheerful", "Sad", 20},
                                                  {"sombre", "Calm", 20}}));
  EXPECT_NEAR(*served_right(*agreement), 0.5, 1e-15);
  EXPECT_THAT(agreement_sentence(*agreement),
              HasSubstr("The clusters do not separate happy from sad songs"));
  EXPECT_THAT(agreement_sentence(*agreement), HasSubstr("50.0 % of the time"));
}

TEST(MoodAgreement, SaysWhenThereIsNoMoreThanChance) {
  const auto agreement = mood_agreement(songs_of({{"cheerful", "Happy", 10},
                                                  {"cheerful", "Sad", 10},
                                                  {"sombre", "Happy", 10},
                                                  {"sombre", "Sad", 10}}));
  EXPECT_GT(agreement->p, 0.5);
  EXPECT_NEAR(agreement->rand_index, 0, 0.05);
  EXPECT_THAT(agreement_sentence(*agreement),
              HasSubstr("The clusters do not separate moods: purity 50.0 %"));
}

TEST(MoodAgreement, NeedsMoods) {
  EXPECT_FALSE(mood_agreement(songs_of({{"cheerful", "", 3}})));
  const auto calm = mood_agreement(
      songs_of({{"cheerful", "Energetic", 20}, {"sombre", "Calm", 20}}));
  EXPECT_FALSE(served_right(*calm));
  EXPECT_THAT(agreement_sentence(*calm), HasSubstr("agree with the moods"));
}

}  // namespace
}  // namespace fer
