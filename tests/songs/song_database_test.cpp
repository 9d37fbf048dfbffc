#include "songs/song_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "songs/song_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SongDatabaseTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(SongDatabaseTest, KeepsASongWhole) {
  Song song = test_song(1, "cheerful", "Happy", 70);
  song.name = "Café \"x\"; DROP TABLE songs;--";
  song.album = "Album";
  song.feature(Feature::kTempo) = 120.25;
  song.popularity = 1.0 / 3;
  song.valence_rank = 0.25;
  write_song_database(folder_ / "s.sqlite", {song}, {{"rows", 1}});
  const SongDatabase database(folder_ / "s.sqlite");
  EXPECT_EQ(database.size(), 1);
  EXPECT_EQ(database.facts()["rows"], 1);
  const auto read = database.find(test_id(1));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, song.name);
  EXPECT_EQ(read->artist, "Artist");
  EXPECT_EQ(read->album, "Album");
  EXPECT_EQ(read->genres, "cheerful");
  EXPECT_EQ(read->mood, "Happy");
  EXPECT_EQ(read->link, song.link);
  EXPECT_EQ(read->popularity, 1.0 / 3);
  EXPECT_EQ(read->raw_popularity, 70);
  EXPECT_EQ(read->valence_rank, 0.25);
  EXPECT_EQ(read->feature(Feature::kTempo), 120.25);
  EXPECT_TRUE(std::isnan(read->feature(Feature::kEnergy)));
  EXPECT_FALSE(database.find("nothing"));
}

TEST_F(SongDatabaseTest, HasTheReportsColumnsFirst) {
  make_catalogue(folder_, {test_song(1)});
  const Sqlite file = Sqlite::open(folder_ / "songs.sqlite");
  Statement columns(file, "SELECT name FROM pragma_table_info('songs')");
  std::vector<std::string> names;
  while (columns.step()) names.push_back(columns.text(0));
  ASSERT_GE(names.size(), 5u);
  names.resize(5);
  EXPECT_THAT(names, ElementsAre("track_id", "track_name", "artist_name",
                                 "genres", "popularity"));
}

TEST_F(SongDatabaseTest, ListsThePopularFirstThenById) {
  const auto path = make_catalogue(
      folder_,
      {test_song(4, "cheerful", "Calm", 5), test_song(3, "sombre", "Calm", 9),
       test_song(2, "cheerful", "Sad", 9), test_song(1, "cheerful", "", 9)});
  const SongDatabase database(path);
  EXPECT_THAT(numbers_of(database.list("", "", 10)), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(numbers_of(database.list("cheerful", "", 2)), ElementsAre(1, 2));
  EXPECT_THAT(numbers_of(database.list("", "calm", 9)), ElementsAre(3, 4));
  EXPECT_EQ(database.stock_of_genres(), "cheerful 3, sombre 1");
  EXPECT_EQ(database.stock_of_moods(), "Calm 2, Sad 1");
}

TEST_F(SongDatabaseTest, IsTheSameFileForTheSameSongs) {
  const auto songs = {test_song(1, "cheerful", "Sad", 3), test_song(2)};
  const auto a = make_catalogue(folder_, songs, "a.sqlite");
  const auto b = make_catalogue(folder_, songs, "b.sqlite");
  EXPECT_EQ(read_file(a), read_file(b));
}

TEST_F(SongDatabaseTest, ReplacesACatalogueWhole) {
  make_catalogue(folder_, {test_song(1), test_song(2)});
  const SongDatabase old(folder_ / "songs.sqlite");
  make_catalogue(folder_, {test_song(3)});
  EXPECT_EQ(old.size(), 2);  // a reader keeps what it opened
  EXPECT_EQ(SongDatabase(folder_ / "songs.sqlite").size(), 1);
  size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_.path())) {
    (void)entry;
    ++files;
  }
  EXPECT_EQ(files, 1u);  // no temporary file stays
}

TEST_F(SongDatabaseTest, NeverOverwritesAnotherFile) {
  const auto notes = folder_.write("notes.txt", "my notes");
  EXPECT_EQ(error_text([&] { write_song_database(notes, {}, {}); }),
            "[songs] expected a new file or a song catalogue of ferbench to "
            "replace; got something else, which was left as it is (" +
                notes.string() + "). Name another file with --db.");
  EXPECT_EQ(read_file(notes), "my notes");
  // The report's own database has a table `songs`, but is not ours either.
  Sqlite other = Sqlite::in_memory();
  other.run("CREATE TABLE songs (track_id TEXT)");
  const auto path = folder_.write("report.sqlite", other.bytes());
  EXPECT_THAT(error_text([&] { write_song_database(path, {}, {}); }),
              HasSubstr("left as it is"));
  EXPECT_EQ(read_file(path), other.bytes());
  EXPECT_THAT(error_text([&] { write_song_database(folder_.path(), {}, {}); }),
              HasSubstr("left as it is"));
  const auto empty = folder_.write("empty", "");
  EXPECT_THAT(error_text([&] { check_may_replace(empty); }),
              HasSubstr("left as it is"));
}

TEST_F(SongDatabaseTest, SaysWhatIsNoCatalogue) {
  const std::string missing = (folder_ / "none.sqlite").string();
  EXPECT_EQ(error_text([&] { SongDatabase{missing}; }),
            "[songs] expected a song catalogue; got no such file (" + missing +
                "). Make it with `ferbench songs import CSV --db " + missing +
                "`.");
  const auto text = folder_.write("text.sqlite", std::string(5000, 'x'));
  EXPECT_EQ(error_text([&] { SongDatabase{text}; }),
            "[songs] expected a readable song catalogue; got 'file is not a "
            "database' (" +
                text.string() +
                "). Make it with `ferbench songs import CSV --db " +
                text.string() + "`.");
  Sqlite other = Sqlite::in_memory();
  other.run("CREATE TABLE songs (track_id TEXT)");
  const auto foreign = folder_.write("other.sqlite", other.bytes());
  EXPECT_EQ(error_text([&] { SongDatabase{foreign}; }),
            "[songs] expected a song catalogue of ferbench; got another "
            "database (" +
                foreign.string() +
                "). Make one with `ferbench songs import CSV`.");
  other.run("PRAGMA application_id = 1717924467; PRAGMA user_version = 99");
  const auto later = folder_.write("later.sqlite", other.bytes());
  EXPECT_EQ(error_text([&] { SongDatabase{later}; }),
            "[songs] expected a catalogue of version 1; got version 99 (" +
                later.string() + "). Import its table again.");
}

TEST_F(SongDatabaseTest, DamagedPagesAreAnErrorNotACrash) {
  std::vector<Song> songs;
  for (int i = 0; i < 500; ++i) songs.push_back(test_song(i, "sombre", "", i));
  const auto path = make_catalogue(folder_, songs);
  std::string bytes = read_file(path);
  for (size_t i = 9000; i < bytes.size(); ++i) bytes[i] = 'x';
  write_file(path, bytes);
  const std::string text = error_text([&] {
    const SongDatabase database(path);
    database.all();
    database.list("sombre", "", 10);
  });
  EXPECT_THAT(text, HasSubstr("[songs] expected a readable song catalogue"));
}

// A catalogue of any size is read through an index, never as a whole.
TEST_F(SongDatabaseTest, PoliciesReadThroughIndexes) {
  make_catalogue(folder_, {test_song(1, "sombre", "Sad", 1)});
  const Sqlite file = Sqlite::open(folder_ / "songs.sqlite");
  for (const auto& [where, order, index] :
       {std::tuple("WHERE genres = ?", "popularity DESC, track_id",
                   "songs_by_genre"),
        std::tuple("WHERE mood = ? COLLATE NOCASE", "popularity DESC, track_id",
                   "songs_by_mood"),
        std::tuple("", "popularity DESC, track_id", "songs_by_popularity"),
        std::tuple("WHERE valence_rank >= ?", "valence_rank",
                   "songs_by_valence"),
        std::tuple("WHERE valence_rank < ?", "valence_rank DESC",
                   "songs_by_valence")}) {
    Statement plan(file,
                   fmt::format("EXPLAIN QUERY PLAN SELECT * FROM songs {} "
                               "ORDER BY {}",
                               where, order));
    std::string text;
    while (plan.step()) text += plan.text(3) + "\n";
    EXPECT_THAT(text, HasSubstr(index));
    EXPECT_THAT(text, testing::Not(HasSubstr("TEMP B-TREE")));
  }
}

}  // namespace
}  // namespace fer
