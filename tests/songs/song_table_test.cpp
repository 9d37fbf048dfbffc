#include "songs/song_table.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "songs/song_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHead =
    "track_id,track_name,artist_name,genres,popularity,tempo\n";

class SongTableTest : public testing::Test {
 protected:
  std::filesystem::path table(const std::string& rows) {
    return folder_.write("table.csv", kHead + rows);
  }
  std::string row(int id, const std::string& name, const std::string& rest) {
    return test_id(id) + "," + name + "," + rest + "\n";
  }
  std::string stop_text(const std::string& bad_row) {
    TableOptions options;
    options.bad_rows = BadRows::kStop;
    const auto path = table(row(1, "One", "A,pop,10,100") + bad_row);
    return error_text([&] { read_song_table(path, options); });
  }
  TemporaryFolder folder_;
};

TEST_F(SongTableTest, ReadsASongWhole) {
  const SongTable read = read_song_table(
      table(row(2, "Two", "B,N/A,30,90") + row(1, "One", "A,pop,10,120.5")));
  ASSERT_EQ(read.songs.size(), 2u);
  const Song& song = read.songs[0];  // ordered by id
  EXPECT_EQ(song.name, "One");
  EXPECT_EQ(song.artist, "A");
  EXPECT_EQ(song.source_genre, "pop");
  EXPECT_EQ(song.genres, "");  // cheerful or sombre: clusters come later
  EXPECT_EQ(song.link, "https://open.spotify.com/track/" + test_id(1));
  EXPECT_EQ(song.feature(Feature::kTempo), 120.5);
  EXPECT_TRUE(std::isnan(song.feature(Feature::kEnergy)));
  EXPECT_EQ(song.raw_popularity, 10);
  EXPECT_EQ(song.popularity, 0);           // (10 - 10) / 20
  EXPECT_EQ(read.songs[1].popularity, 1);  // (30 - 10) / 20
  EXPECT_EQ(read.songs[1].source_genre, "");
}

TEST_F(SongTableTest, CountsEveryReason) {
  const SongTable read =
      read_song_table(table(row(1, "One", "A,pop,10,100") +     // line 2: whole
                            row(2, "", "A,pop,10,100") +        // 3
                            "short,row\n" +                     // 4
                            "notanid,Four,A,pop,10,100\n" +     // 5
                            ",Five,A,pop,10,100\n" +            // 6
                            row(6, "Six", "A,pop,,100") +       // 7
                            row(7, "Seven", "A,pop,ten,100") +  // 8
                            row(8, "Eight", "A,pop,101,100") +  // 9
                            row(9, "Nine", "A,pop,10,-1") +     // 10
                            row(10, "\xFFten", "A,pop,10,100") +   // 11
                            row(11, "\"Eleven", "A,pop,10,100") +  // 12
                            row(12, "Twelve", "A,pop,10,inf") +    // 13
                            row(13, "x", "A,pop,nan,100")));       // 14
  EXPECT_EQ(read.rows, 13);
  EXPECT_EQ(read.songs.size(), 1u);
  EXPECT_EQ(read.damaged(), 12);
  std::vector<std::string> reasons;
  for (const Damage& d : read.damage) {
    reasons.push_back(fmt::format("{} {} @{}", d.rows, d.reason, d.first_line));
  }
  EXPECT_THAT(
      reasons,
      ElementsAre("2 no popularity @7", "1 no name @3",
                  "1 wrong number of fields @4", "1 id is not Spotify's @5",
                  "1 no id and no link @6", "1 popularity is not a number @8",
                  "1 popularity is not within 0 to 100 @9",
                  "1 tempo is not within 0 to 1000 @10",
                  "1 text is not UTF-8 @11", "1 a quote that never ends @12",
                  "1 tempo is not a number @13"));
}

TEST_F(SongTableTest, StopsAtTheFirstDamagedRowWhenAsked) {
  const auto path = (folder_ / "table.csv").string();
  EXPECT_EQ(stop_text("a,b\n"),
            "[songs] expected 6 fields; got 2 (" + path +
                ":3:1). Mend or remove the row, or leave such rows out with "
                "--bad-rows skip.");
  EXPECT_THAT(stop_text(row(2, "", "A,pop,1,1")),
              HasSubstr("expected the name of a song; got none"));
  EXPECT_THAT(stop_text("x,Two,A,pop,1,1\n"),
              HasSubstr("expected an id of 22 letters and digits; got \"x\""));
  EXPECT_THAT(stop_text(",Two,A,pop,1,1\n"),
              HasSubstr("expected an id or a link; got none"));
  EXPECT_THAT(stop_text(row(2, "Two", "A,pop,,1")),
              HasSubstr("expected a number in popularity; got none"));
  EXPECT_THAT(stop_text(row(2, "Two", "A,pop,1,1x")),
              HasSubstr("expected a number in tempo; got \"1x\""));
  EXPECT_THAT(stop_text(row(2, "Two", "A,pop,1,1e9")),
              HasSubstr("expected tempo within 0 to 1000; got 1e9"));
  EXPECT_THAT(stop_text(row(2, "\xC3(", "A,pop,1,1")),
              HasSubstr("expected UTF-8 text; got other bytes"));
  EXPECT_THAT(stop_text(row(2, "\"Two", "A,pop,1,1")),
              HasSubstr("expected a closing quote; got none"));
}

TEST_F(SongTableTest, DropsRepeatsByIdThenByName) {
  const auto path =
      table(row(1, "Hello", "A,pop,10,100") + row(1, "Other", "A,pop,20,100") +
            row(2, "Hello", "B,pop,30,100") + row(3, "Hello", "A,pop,40,100") +
            row(4, "Last", "A,pop,50,100"));
  const auto left = [&](Same same) {
    TableOptions options;
    options.same = same;
    const SongTable read = read_song_table(path, options);
    EXPECT_EQ(read.same_id, 1);
    EXPECT_EQ(read.rows, static_cast<int64_t>(read.songs.size()) +
                             read.same_id + read.same_name);
    return numbers_of(read.songs);
  };
  EXPECT_THAT(left(Same::kReport), ElementsAre(1, 4));
  EXPECT_THAT(left(Same::kArtist), ElementsAre(1, 2, 4));
  EXPECT_THAT(left(Same::kId), ElementsAre(1, 2, 3, 4));
}

TEST_F(SongTableTest, RefusesTablesWithoutSongs) {
  const auto text_of = [&](const std::string& text) {
    const auto path = folder_.write("t.csv", text);
    return error_text([&] { read_song_table(path); });
  };
  const std::string path = (folder_ / "t.csv").string();
  EXPECT_EQ(text_of(""),
            "[songs] expected a line of column names; got an empty or damaged "
            "one (" +
                path + "). Name a CSV file with a head.");
  EXPECT_THAT(text_of("\"open\n"), HasSubstr("a line of column names"));
  EXPECT_EQ(text_of("id,id\n"),
            "[songs] expected each column once; got \"id\" twice (" + path +
                ":1:1). Rename one of them.");
  EXPECT_EQ(text_of(kHead),
            "[songs] expected at least one whole row; got 0 rows, all damaged "
            "or none (" +
                path + "). Check the file and its column map.");
  EXPECT_THAT(text_of(std::string(kHead) + "a\nb\n"),
              HasSubstr("got 2 rows, all damaged or none (" + path +
                        "; wrong number of fields: 2)"));
  EXPECT_THAT(error_text([&] { read_song_table(folder_ / "none.csv"); }),
              HasSubstr("none.csv"));
}

TEST_F(SongTableTest, KeepsSongsThatHaveAPageOnly) {
  TableOptions options;
  options.columns.emplace();
  options.columns->track_name = "title";
  options.columns->link = "url";
  const auto path = folder_.write("t.csv",
                                  "title,url\nOne,https://example.org/one\nTwo,"
                                  "https://open.spotify.com/track/" +
                                      test_id(2) + "?si=abc\nThree,ftp://x\n");
  const SongTable read = read_song_table(path, options);
  ASSERT_EQ(read.songs.size(), 2u);
  EXPECT_EQ(read.songs[0].id, test_id(2));
  EXPECT_EQ(read.songs[0].link, spotify_link(test_id(2)));
  EXPECT_EQ(read.songs[1].id, "https://example.org/one");
  EXPECT_EQ(read.damage[0].reason, "link is no web address");
}

TEST_F(SongTableTest, KeepsNamesOnOneLine) {
  const SongTable read =
      read_song_table(table(test_id(1) + ",\"One\ntwo\",A,pop,10,100\n"));
  EXPECT_EQ(read.songs[0].name, "One two");
}

TEST_F(SongTableTest, RanksByShareBelow) {
  std::vector<Song> songs = {test_song(1), test_song(2), test_song(3),
                             test_song(4)};
  const double valence[] = {0.9, 0.1, 0.5, 0.5};
  for (size_t i = 0; i < 4; ++i)
    songs[i].feature(Feature::kValence) = valence[i];
  fill_scales(songs);
  EXPECT_EQ(songs[0].valence_rank, 0.875);  // (3 + 4) / 2 / 4
  EXPECT_EQ(songs[1].valence_rank, 0.125);  // (0 + 1) / 2 / 4
  EXPECT_EQ(songs[2].valence_rank, 0.5);    // (1 + 3) / 2 / 4, a tie
  EXPECT_EQ(songs[3].valence_rank, 0.5);
  EXPECT_TRUE(std::isnan(songs[0].arousal_rank));
  EXPECT_TRUE(std::isnan(songs[0].popularity));
}

TEST(SongTables, MoodsTableIsWhole) {
  const auto path = data_file("spotify_moods.csv");
  if (path.empty()) GTEST_SKIP() << "no spotify_moods.csv in FERBENCH_DATA";
  const SongTable table = read_song_table(path);
  EXPECT_EQ(table.format, "spotify_moods");
  EXPECT_EQ(table.rows, 686);
  EXPECT_EQ(table.songs.size(), 686u);
  EXPECT_EQ(table.damaged(), 0);
  EXPECT_EQ(std::ranges::count(table.songs, "Calm", &Song::mood), 195);
  EXPECT_EQ(std::ranges::count(table.songs, "", &Song::source_genre), 123);
}

TEST(SongTables, MuseSampleGivesItsReasons) {
  const auto path = data_file("muse_v3_sample.csv");
  if (path.empty()) GTEST_SKIP() << "no muse_v3_sample.csv in FERBENCH_DATA";
  const SongTable table = read_song_table(path);
  EXPECT_EQ(table.format, "muse");
  EXPECT_EQ(table.rows, 50);  // six empty lines are no rows
  int64_t fields = 0;
  for (const Damage& d : table.damage)
    if (d.reason == "wrong number of fields") fields = d.rows;
  EXPECT_EQ(fields, 14);
  EXPECT_EQ(table.rows, static_cast<int64_t>(table.songs.size()) +
                            table.damaged() + table.same_id + table.same_name);
  for (const Song& song : table.songs) {
    EXPECT_LE(song.feature(Feature::kValenceTags), 9);
    EXPECT_FALSE(std::isnan(song.valence_rank));
  }
  TableOptions stop;
  stop.bad_rows = BadRows::kStop;
  EXPECT_THAT(error_text([&] { read_song_table(path, stop); }),
              HasSubstr("muse_v3_sample.csv:16:1)"));
}

}  // namespace
}  // namespace fer
