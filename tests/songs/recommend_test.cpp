#include "songs/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "songs/policy.h"
#include "songs/recommend_text.h"
#include "songs/song_builder.h"
#include "songs/song_table.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<int> numbers_of(const Recommendation& recommendation) {
  std::vector<int> numbers;
  for (const Pick& pick : recommendation.songs)
    numbers.push_back(std::stoi(pick.song.id));
  return numbers;
}

Burst burst_of(std::vector<std::pair<FaceEmotion, int>> counts) {
  std::vector<Frame> frames;
  for (const auto& [emotion, n] : counts)
    for (int i = 0; i < n; ++i) frames.push_back({{{emotion, 1.0}}});
  return summarise_burst(frames);
}

constexpr auto kHappy = FaceEmotion::kHappy;
constexpr auto kSad = FaceEmotion::kSad;
constexpr auto kAngry = FaceEmotion::kAngry;

class RecommendTest : public testing::Test {
 protected:
  RecommendTest() {
    // Twenty songs: 1-10 cheerful and Happy, 11-20 sombre; of these 11-15 Sad
    // and 16-20 Calm. Popularity falls with the number, 3 and 4 tie.
    std::vector<Song> songs;
    for (int i = 1; i <= 20; ++i)
      songs.push_back(test_song(i, i <= 10 ? "cheerful" : "sombre",
                                i <= 10   ? "Happy"
                                : i <= 15 ? "Sad"
                                          : "Calm",
                                i == 4 ? 77 : 80 - i));
    path_ = make_catalogue(folder_, songs);
  }

  Recommendation get(const Burst& burst, const RecommendOptions& options) {
    return recommend(SongDatabase(path_), burst, options);
  }
  Recommendation get(FaceEmotion emotion, const RecommendOptions& options) {
    return get(single_emotion(emotion), options);
  }
  std::string error_of(FaceEmotion emotion, const RecommendOptions& options) {
    return error_text([&] { get(emotion, options); });
  }

  TemporaryFolder folder_;
  std::filesystem::path path_;
};

TEST_F(RecommendTest, ReportServesTheSevenMostPopularOfTheGenre) {
  EXPECT_THAT(numbers_of(get(kHappy, {})), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(numbers_of(get(kSad, {})),
              ElementsAre(11, 12, 13, 14, 15, 16, 17));
}

TEST_F(RecommendTest, ReportKnowsTwoEmotions) {
  EXPECT_EQ(error_of(kAngry, {}),
            "[recommend] expected happy or sad for the policy report; got "
            "angry. Use --policy mood_table or valence_arousal.");
  // In a burst the others are left out, and that is said.
  const Recommendation some = get(burst_of({{kHappy, 3}, {kAngry, 5}}), {});
  EXPECT_EQ(some.songs.size(), 7u);
  EXPECT_THAT(some.notes,
              ElementsAre("the policy report has no songs for angry"));
}

TEST_F(RecommendTest, MoodTableCountersAnger) {
  RecommendOptions options{"mood_table", 3, {}, {}};
  EXPECT_THAT(numbers_of(get(kAngry, options)), ElementsAre(16, 17, 18));
  EXPECT_THAT(numbers_of(get(kHappy, options)), ElementsAre(1, 2, 3));
  EXPECT_THAT(numbers_of(get(kSad, options)), ElementsAre(11, 12, 13));
  EXPECT_THAT(numbers_of(get(FaceEmotion::kNeutral, options)),
              ElementsAre(1, 2, 3));  // any mood
}

TEST_F(RecommendTest, SaysWhatThereIsWhenAMoodHasNoSong) {
  EXPECT_EQ(error_of(FaceEmotion::kSurprise, {"mood_table", 7, {}, {}}),
            "[recommend] expected songs of mood Energetic; got none: " +
                path_.string() +
                " has Calm 5, Happy 10, Sad 5. Import a table with a mood "
                "column, or use another --policy.");
  path_ = make_catalogue(folder_, {test_song(1)}, "plain.sqlite");
  EXPECT_EQ(
      error_of(kHappy, {}),
      "[recommend] expected songs of cheerful; got none: " + path_.string() +
          " has no such column filled. Import a table with audio "
          "features, or use another --policy.");
  EXPECT_THAT(error_of(kHappy, {"valence_arousal", 7, {}, {}}),
              HasSubstr("expected songs of known valence; got none"));
}

TEST_F(RecommendTest, SaysWhenThereAreTooFew) {
  const Recommendation few = get(kAngry, {"mood_table", 7, {}, {}});
  EXPECT_EQ(few.songs.size(), 5u);
  EXPECT_THAT(few.notes, ElementsAre("5 of 7 songs for angry: there are no "
                                     "more of mood Calm"));
}

TEST_F(RecommendTest, SharesTheSongsAndMixesThem) {
  // Seats 7 for 4 : 3 are 4 and 3; places (j + 1/2) / 4 against (j + 1/2) / 3.
  const Recommendation mixed = get(burst_of({{kHappy, 4}, {kSad, 3}}), {});
  EXPECT_THAT(numbers_of(mixed), ElementsAre(1, 11, 2, 12, 3, 13, 4));
  EXPECT_EQ(mixed.emotions[0].songs, 4u);
  EXPECT_EQ(mixed.emotions[1].songs, 3u);
}

TEST_F(RecommendTest, GivesNoSongTwiceWhenEmotionsShareAShelf) {
  const Recommendation calm =
      get(burst_of({{kAngry, 2}, {FaceEmotion::kFear, 2}}),
          {"mood_table", 4, {}, {}});
  EXPECT_THAT(numbers_of(calm), testing::UnorderedElementsAre(16, 17, 18, 19));
}

TEST_F(RecommendTest, FeedbackReRanks) {
  const auto file = folder_.write(
      "feedback.csv", "track_id,feedback\n" + test_id(1) + ",skipped\n" +
                          test_id(5) + ",liked\n" + test_id(12) + ",liked\n");
  const RecommendOptions options{"report", 4, {}, file};
  // 5 is liked, 1 was skipped, 12 belongs to the other genre.
  EXPECT_THAT(numbers_of(get(kHappy, options)), ElementsAre(5, 2, 3, 4));
}

TEST_F(RecommendTest, SkippedSongsFillUpOnly) {
  std::string text = "track_id,feedback\n";
  for (int i = 1; i <= 8; ++i) text += test_id(i) + ",skipped\n";
  const auto file = folder_.write("feedback.csv", text);
  EXPECT_THAT(numbers_of(get(kHappy, {"report", 4, {}, file})),
              ElementsAre(9, 10, 1, 2));
}

TEST_F(RecommendTest, LikedSongsFarDownStayThere) {
  // The pool for one song is five songs; 7 is not among them, 5 is.
  const auto file = folder_.write(
      "feedback.csv", "track_id,feedback\n" + test_id(7) + ",liked\n");
  EXPECT_THAT(numbers_of(get(kHappy, {"report", 1, {}, file})), ElementsAre(1));
  const auto near = folder_.write(
      "near.csv", "track_id,feedback\n" + test_id(5) + ",liked\n");
  EXPECT_THAT(numbers_of(get(kHappy, {"report", 1, {}, near})), ElementsAre(5));
}

TEST_F(RecommendTest, PlaylistKeepsToTheUsersSongs) {
  const auto own = folder_.write(
      "own.m3u", test_id(19) + "\n" + test_id(99) + "\n" + test_id(2) + "\n");
  const Recommendation mine = get(kHappy, {"playlist", 2, own, {}});
  // Without scores the order is the list's; song 99 is not known.
  EXPECT_THAT(numbers_of(mine), ElementsAre(19, 2));
  EXPECT_THAT(mine.notes, ElementsAre("1 of 3 songs of the playlist for happy "
                                      "are not in the catalogue"));
  const auto lists =
      folder_.write("lists.yaml", "happy: ['" + test_id(7) + "']\nsad: ['" +
                                      test_id(8) + "']\n");
  EXPECT_THAT(numbers_of(get(kSad, {"playlist", 1, lists, {}})),
              ElementsAre(8));
  EXPECT_EQ(error_of(kAngry, {"playlist", 1, lists, {}}),
            "[recommend] expected songs for angry in the playlist; got 0, none "
            "of them in " +
                path_.string() + " (" + lists.string() +
                "). Add some, or import them first.");
}

TEST_F(RecommendTest, ChecksItsOptions) {
  EXPECT_EQ(error_of(kHappy, {"repot", 7, {}, {}}),
            "[recommend] expected a policy (report, mood_table, "
            "valence_arousal or playlist); got \"repot\"; did you mean "
            "report?");
  EXPECT_EQ(error_of(kHappy, {"report", 0, {}, {}}),
            "[recommend] expected 1 to 1000 songs; got 0. Set --count.");
  EXPECT_EQ(error_of(kHappy, {"playlist", 7, {}, {}}),
            "[recommend] expected a playlist for the policy playlist; got "
            "none. Name one with --playlist.");
  EXPECT_EQ(error_of(kHappy, {"report", 7, "x.m3u", {}}),
            "[recommend] expected no playlist for the policy report; got "
            "x.m3u. Use --policy playlist.");
}

// Songs on a grid of valence and energy, 0 to 9 each.
std::vector<Song> grid() {
  std::vector<Song> songs;
  for (int i = 0; i < 100; ++i) {
    Song song = test_song(i, "", "", 50);
    song.feature(Feature::kValence) = i / 10 / 10.0;
    song.feature(Feature::kEnergy) = i % 10 / 10.0;
    songs.push_back(song);
  }
  return songs;
}

TEST_F(RecommendTest, ValenceArousalServesTheNearest) {
  path_ = make_catalogue(folder_, grid(), "grid.sqlite");
  const RecommendOptions options{"valence_arousal", 3, {}, {}};
  // Happy is (0.88, 0.74). Ranks stand at 0.05, 0.15, ..: the nearest cell is
  // valence 0.85 (8), arousal 0.75 (7): 87; then 97 (0.07 away), then 86.
  EXPECT_THAT(numbers_of(get(kHappy, options)), ElementsAre(87, 97, 86));
  // Sad is (0.185, 0.365): 13 at (0.15, 0.35), then 23 at 0.25, then 14.
  EXPECT_THAT(numbers_of(get(kSad, options)), ElementsAre(13, 23, 14));
}

TEST_F(RecommendTest, EquallyNearSongsOfBothSidesGoById) {
  // Ranks 0.25 and 0.75 are equally far from neutral's 0.5; energies tie.
  std::vector<Song> songs = {test_song(1), test_song(2)};
  for (Song& song : songs) song.feature(Feature::kEnergy) = 0.5;
  songs[0].feature(Feature::kValence) = 0.1;
  songs[1].feature(Feature::kValence) = 0.9;
  path_ = make_catalogue(folder_, songs, "pair.sqlite");
  EXPECT_THAT(
      numbers_of(get(FaceEmotion::kNeutral, {"valence_arousal", 2, {}, {}})),
      ElementsAre(1, 2));
}

TEST_F(RecommendTest, PlaylistIsOrderedByNearness) {
  path_ = make_catalogue(folder_, grid(), "grid.sqlite");
  const auto own = folder_.write(
      "own.m3u", test_id(0) + "\n" + test_id(13) + "\n" + test_id(87) + "\n");
  EXPECT_THAT(numbers_of(get(kHappy, {"playlist", 2, own, {}})),
              ElementsAre(87, 13));
  EXPECT_THAT(numbers_of(get(kSad, {"playlist", 2, own, {}})),
              ElementsAre(13, 0));
}

TEST_F(RecommendTest, WritesJsonM3uAndText) {
  Song song = test_song(1, "cheerful", "", kUnknown);
  song.name = "Émile \"x\"";
  song.feature(Feature::kLength) = 181'400;
  Song bare = test_song(2, "cheerful", "", kUnknown);
  bare.artist = "";
  path_ = make_catalogue(folder_, {song, bare}, "two.sqlite");
  const Recommendation two = get(kHappy, {"report", 2, {}, {}});
  const Json json = recommendation_json(two);
  EXPECT_EQ(json["emotion"], "happy");
  EXPECT_EQ(json["policy"], "report");
  EXPECT_EQ(json["songs"][0]["track_id"], test_id(1));
  EXPECT_EQ(json["songs"][0]["link"],
            "https://open.spotify.com/track/" + test_id(1));
  EXPECT_TRUE(json["songs"][0]["popularity"].is_null());
  EXPECT_TRUE(json["songs"][1]["artist_name"].is_null());
  EXPECT_EQ(json["emotions"][0]["songs"], 2);
  EXPECT_EQ(recommendation_m3u(two),
            "#EXTM3U\n#EXTINF:181,Artist - Émile \"x\"\n" + song.link +
                "\n#EXTINF:-1,Song 2\n" + bare.link + "\n");
  EXPECT_THAT(recommendation_text(two),
              HasSubstr("happy: 2 songs by the policy report\n"));
}

// Figures 6.5 and 6.6 of source 004 show its answer to a happy and to an angry
// face from the same table.
TEST_F(RecommendTest, MoodTableGivesTheSongsThatItsSourceShows) {
  const auto csv = data_file("spotify_moods.csv");
  if (csv.empty()) GTEST_SKIP() << "no spotify_moods.csv in FERBENCH_DATA";
  path_ = make_catalogue(folder_, read_song_table(csv).songs, "moods.sqlite");
  const RecommendOptions options{"mood_table", 5, {}, {}};
  std::vector<std::string> names;
  for (const Pick& pick : get(kHappy, options).songs)
    names.push_back(pick.song.name);
  EXPECT_THAT(names,
              testing::UnorderedElementsAre(
                  "Pumped Up Kicks", "Africa", "Take on Me", "Highway to Hell",
                  "Here Comes The Sun - Remastered 2009"));
  std::vector<double> popularity;
  for (const Pick& pick : get(kAngry, options).songs) {
    EXPECT_EQ(pick.song.mood, "Calm");
    popularity.push_back(pick.song.raw_popularity);
  }
  EXPECT_THAT(popularity, ElementsAre(64, 60, 60, 59, 59));
}

TEST(LargestRemainder, FollowsHamilton) {
  const auto seats = [](std::vector<int64_t> weights, size_t n) {
    return largest_remainder(weights, n);
  };
  // Quotas 4.7 x 10: 47/16/16/16/5 of 100 for 10 seats are 4.7, 1.6, 1.6, 1.6,
  // 0.5: whole parts 4 1 1 1 0, then .7 .6 .6 take the three that are left.
  EXPECT_THAT(seats({47, 16, 16, 16, 5}, 10), ElementsAre(5, 2, 2, 1, 0));
  EXPECT_THAT(seats({1, 1, 1}, 7), ElementsAre(3, 2, 2));  // ties: the earlier
  EXPECT_THAT(seats({3, 0}, 2), ElementsAre(2, 0));
  EXPECT_EQ(error_text([&] {
              seats({0, 0}, 2);
            }),
            "[recommend] expected weights of at least 0, not all 0; got 2 "
            "weights of sum 0.");
  EXPECT_THAT(error_text([&] { seats({3, -1}, 2); }), HasSubstr("of sum 2"));
}

TEST(Policies, AreOneTable) {
  EXPECT_EQ(policies().size(), 4u);
  for (const Policy& policy : policies())
    EXPECT_EQ(find_policy(policy.name).name, policy.name);
}

}  // namespace
}  // namespace fer
