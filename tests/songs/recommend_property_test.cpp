// What holds for every catalogue, burst and policy.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/philox.h"
#include "songs/recommend.h"
#include "songs/shelf.h"
#include "songs/song_builder.h"
#include "songs/song_table.h"

namespace fer {
namespace {

constexpr const char* kMoods[] = {"Calm", "Energetic", "Happy", "Sad"};

// Few different values, so that ties are everywhere.
std::vector<Song> random_songs(uint32_t seed, int n) {
  std::vector<Song> songs;
  for (int i = 0; i < n; ++i) {
    Philox random(seed, 0, static_cast<uint32_t>(i), Purpose::kSynthetic);
    Song song = test_song(i, random.below(2) ? "cheerful" : "sombre",
                          kMoods[random.below(4)], random.below(5) * 10);
    song.feature(Feature::kValenceTags) = 1 + random.below(6);
    song.feature(Feature::kArousalTags) = 1 + random.below(6);
    song.feature(Feature::kDominanceTags) = 1 + random.below(6);
    songs.push_back(song);
  }
  return songs;
}

Burst random_burst(uint32_t seed) {
  Philox random(seed, 1, 0, Purpose::kSynthetic);
  std::vector<Frame> frames(30 + random.below(11));
  for (Frame& frame : frames) {
    frame.emotions.emplace_back(
        random.below(2) ? FaceEmotion::kHappy : FaceEmotion::kSad, 1.0);
    if (random.below(3) == 0)
      frame.emotions.emplace_back(
          static_cast<FaceEmotion>(random.below(kEmotions)), 1.0);
  }
  return summarise_burst(frames);
}

std::vector<std::string> ids_of(const Recommendation& recommendation) {
  std::vector<std::string> ids;
  for (const Pick& pick : recommendation.songs) ids.push_back(pick.song.id);
  return ids;
}

TEST(RecommendProperties, NoRepeatsAndExactShares) {
  for (uint32_t seed = 0; seed < 12; ++seed) {
    const TemporaryFolder folder;
    const SongDatabase songs(make_catalogue(folder, random_songs(seed, 400)));
    const Burst burst = random_burst(seed);
    for (const char* policy : {"report", "mood_table", "valence_arousal"}) {
      for (const size_t count : {1u, 7u, 23u}) {
        const Recommendation got =
            recommend(songs, burst, {policy, count, {}, {}});
        const auto ids = ids_of(got);
        EXPECT_EQ(ids.size(), count);
        EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), count);
        std::vector<int64_t> weights;
        for (const EmotionPart& part : got.emotions)
          weights.push_back(part.frames);
        EXPECT_TRUE(std::ranges::is_sorted(weights, std::greater()));
        const auto seats = largest_remainder(weights, count);
        for (size_t i = 0; i < seats.size(); ++i) {
          EXPECT_EQ(got.emotions[i].songs, seats[i]);
          EXPECT_EQ(static_cast<size_t>(std::ranges::count(
                        got.songs, got.emotions[i].emotion, &Pick::emotion)),
                    seats[i]);
        }
      }
    }
  }
}

TEST(RecommendProperties, SeatsAddUpAndStayWithinOneOfTheQuota) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    Philox random(seed, 2, 0, Purpose::kSynthetic);
    std::vector<int64_t> weights(1 + random.below(7));
    for (int64_t& weight : weights) weight = random.below(50);
    weights[0] += 1;
    const size_t seats = random.below(60);
    const auto given = largest_remainder(weights, seats);
    EXPECT_EQ(std::accumulate(given.begin(), given.end(), size_t{0}), seats);
    const auto total = static_cast<double>(
        std::accumulate(weights.begin(), weights.end(), int64_t{0}));
    for (size_t i = 0; i < given.size(); ++i)
      EXPECT_LT(std::abs(static_cast<double>(given[i]) -
                         static_cast<double>(weights[i]) *
                             static_cast<double>(seats) / total),
                1);
  }
}

TEST(RecommendProperties, TheOrderOfTheRowsDoesNotMatter) {
  for (uint32_t seed = 0; seed < 6; ++seed) {
    const TemporaryFolder folder;
    std::string head =
        "track_id,track_name,artist_name,genres,popularity,danceability,tempo,"
        "energy,valence\n";
    std::vector<std::string> rows;
    for (uint32_t i = 0; i < 120; ++i) {
      Philox random(seed, 3, i, Purpose::kSynthetic);
      rows.push_back(fmt::format(
          "{},Song {},A,x,{},{},{},{},{}\n", test_id(static_cast<int>(i)), i,
          random.below(5), random.below(10) / 10.0, 60 + random.below(100),
          random.below(5) / 5.0, random.below(5) / 5.0));
    }
    std::string file[2];
    for (std::string& bytes : file) {
      std::string text = head;
      for (const std::string& row : rows) text += row;
      const SongTable table = read_song_table(folder.write("t.csv", text));
      write_song_database(folder / "s.sqlite", table.songs, Json::object());
      bytes = read_file(folder / "s.sqlite");
      std::ranges::reverse(rows);
      std::rotate(rows.begin(), rows.begin() + 17, rows.end());
    }
    EXPECT_EQ(file[0], file[1]);  // so all that follows is equal too
  }
}

// The index walk against a plain sort of all songs.
TEST(RecommendProperties, NearestShelfIsASort) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    const TemporaryFolder folder;
    const SongDatabase database(
        make_catalogue(folder, random_songs(seed, 300)));
    std::vector<Song> songs = database.all();
    for (size_t e = 0; e < kEmotions; ++e) {
      const MoodPoint point = point_of(static_cast<FaceEmotion>(e));
      std::ranges::sort(songs, [&](const Song& a, const Song& b) {
        return std::tuple(squared_distance(a, point), -a.popularity, a.id) <
               std::tuple(squared_distance(b, point), -b.popularity, b.id);
      });
      const auto shelf = nearest_shelf(database, point);
      for (const Song& song : songs) {
        const auto next = shelf->next();
        ASSERT_TRUE(next);
        ASSERT_EQ(next->id, song.id) << seed << " " << e;
      }
      EXPECT_FALSE(shelf->next());
    }
  }
}

TEST(RecommendProperties, FeedbackNeverPutsASkippedSongBeforeAnother) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    const TemporaryFolder folder;
    const SongDatabase songs(make_catalogue(folder, random_songs(seed, 60)));
    std::string text = "track_id,feedback\n";
    Philox random(seed, 4, 0, Purpose::kSynthetic);
    for (int i = 0; i < 60; ++i)
      if (const uint32_t word = random.below(4); word < 2)
        text += test_id(i) + (word == 0 ? ",liked\n" : ",skipped\n");
    const auto file = folder.write("feedback.csv", text);
    const Feedback feedback = read_feedback(file);
    const Recommendation got = recommend(
        songs, single_emotion(FaceEmotion::kHappy), {"report", 12, {}, file});
    int last = 0;  // liked 0, unrated 1, skipped 2: never falls
    for (const Pick& pick : got.songs) {
      const auto found = feedback.find(pick.song.id);
      const int kind = found == feedback.end()            ? 1
                       : found->second == Opinion::kLiked ? 0
                                                          : 2;
      EXPECT_GE(kind, last);
      last = kind;
    }
  }
}

}  // namespace
}  // namespace fer
