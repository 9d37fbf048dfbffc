#include "songs/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "songs/recommend.h"
#include "songs/song_builder.h"
#include "songs/song_database.h"

namespace fer {
namespace {

using testing::HasSubstr;

class ImportTest : public testing::Test {
 protected:
  // Songs of the report's table; every second one is slow and quiet.
  std::filesystem::path table(int songs, const std::string& more = "") {
    std::string text =
        "track_id,track_name,artist_name,genres,popularity,danceability,"
        "acousticness,tempo\n";
    for (int i = 0; i < songs; ++i)
      text +=
          fmt::format("{},Song {},A,pop,{},{},{},{}\n", test_id(i), i, i % 100,
                      i % 2 ? 0.2 : 0.8, i % 2 ? 0.9 : 0.1, i % 2 ? 70 : 130);
    return folder_.write("table.csv", text + more);
  }
  TemporaryFolder folder_;
};

TEST_F(ImportTest, GoesFromTableToSongs) {
  const auto database = folder_ / "songs.sqlite";
  const ImportReport report = import_songs(table(40, "bad,row\n"), database);
  EXPECT_EQ(report.table.songs.size(), 40u);
  const SongDatabase songs(database);
  EXPECT_EQ(songs.stock_of_genres(), "cheerful 20, sombre 20");
  EXPECT_EQ(songs.facts()["damaged"], 1);
  EXPECT_EQ(songs.facts()["source"], "table.csv");
  const Recommendation happy =
      recommend(songs, single_emotion(FaceEmotion::kHappy));
  EXPECT_EQ(happy.songs[0].song.id, test_id(38));  // popularity 38
  const std::string text = import_text(report);
  EXPECT_THAT(text, HasSubstr("40 songs of 41 rows (format report); 0 with a "
                              "known id and 0 with a known name dropped"));
  EXPECT_THAT(text, HasSubstr("wrong number of fields"));
  EXPECT_THAT(text, HasSubstr("silhouette"));
  EXPECT_EQ(import_json(report)["clusters"]["counts"].size(), 9u);
}

TEST_F(ImportTest, MakesTheSameFileAgain) {
  const auto csv = table(40);
  import_songs(csv, folder_ / "a.sqlite");
  import_songs(csv, folder_ / "b.sqlite");
  EXPECT_EQ(read_file(folder_ / "a.sqlite"), read_file(folder_ / "b.sqlite"));
}

TEST_F(ImportTest, TakesATableOfAnyName) {
  const auto named = folder_ / "caf\xE9.csv";
  std::filesystem::copy_file(table(10), named);
  import_songs(named, folder_ / "s.sqlite");
  EXPECT_EQ(SongDatabase(folder_ / "s.sqlite").facts()["songs"], 10);
}

TEST_F(ImportTest, SaysWhyThereAreNoGenres) {
  const auto csv = folder_.write("muse.csv", muse_table(30));
  const ImportReport report = import_songs(csv, folder_ / "s.sqlite");
  EXPECT_FALSE(report.clusters);
  EXPECT_THAT(import_text(report),
              HasSubstr("no clusters, so no genres: that needs at least two of "
                        "the features danceability"));
  EXPECT_TRUE(import_json(report)["clusters"].is_null());
  EXPECT_EQ(recommend(SongDatabase(folder_ / "s.sqlite"),
                      single_emotion(FaceEmotion::kSad),
                      {"valence_arousal", 7, {}, {}})
                .songs.size(),
            7u);
}

TEST_F(ImportTest, LeavesEverythingAsItWasOnAnError) {
  const auto database = folder_ / "songs.sqlite";
  import_songs(table(10), database);
  const std::string before = read_file(database);
  EXPECT_THAT(error_text([&] {
                import_songs(folder_.write("bad.csv", "x,y\n1,2\n"), database);
              }),
              HasSubstr("expected the columns of a known song table"));
  EXPECT_EQ(read_file(database), before);
  const auto notes = folder_.write("notes.txt", "mine");
  EXPECT_THAT(error_text([&] { import_songs(table(10), notes); }),
              HasSubstr("left as it is"));
  EXPECT_EQ(read_file(notes), "mine");
}

}  // namespace
}  // namespace fer
