#include "songs/column_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kMuse = {
    "lastfm_url",   "track",          "artist", "seeds",      "valence_tags",
    "arousal_tags", "dominance_tags", "mbid",   "spotify_id", "genre"};

TEST(ColumnMap, KnowsTheThreeTablesByTheirHeader) {
  EXPECT_EQ(recognise_columns(kMuse, "t.csv").name, "muse");
  EXPECT_EQ(recognise_columns({"name", "artist", "id", "popularity", "mood",
                               "energy", "tempo"},
                              "t.csv")
                .name,
            "spotify_moods");
  const ColumnMap report = recognise_columns(
      {"track_id", "track_name", "artist_name", "genres", "popularity", "mode"},
      "t.csv");
  EXPECT_EQ(report.name, "report");
  EXPECT_EQ(report.column(Feature::kMode), "mode");
  EXPECT_EQ(report.column(Feature::kEnergy), "");  // not in this table
}

TEST(ColumnMap, SaysWhatTheNearestFormatHas) {
  EXPECT_EQ(
      error_text([] {
        recognise_columns({"track_id", "track_name", "artist_name"}, "t.csv");
      }),
      "[songs] expected the columns of a known song table; got "
      "\"track_id, track_name, artist_name\" (t.csv). The nearest format, "
      "report, also has popularity. Say which column is which: --columns "
      "FILE, see docs/songs.md.");
}

class ColumnMapFile : public testing::Test {
 protected:
  std::string error_of(const std::string& text) {
    const auto path = folder_.write("map.yaml", text);
    return error_text([&] { read_column_map(path); });
  }
  TemporaryFolder folder_;
};

TEST_F(ColumnMapFile, ReadsOurNamesAndTheirs) {
  const ColumnMap map = read_column_map(folder_.write(
      "mine.yaml", "columns: {track_name: title, link: url, energy: power}\n"));
  EXPECT_EQ(map.name, "mine");
  EXPECT_EQ(map.track_name, "title");
  EXPECT_EQ(map.link, "url");
  EXPECT_EQ(map.column(Feature::kEnergy), "power");
}

TEST_F(ColumnMapFile, NamesEveryFaultAtOnce) {
  const std::string text = error_of(
      "columns:\n  track_nam: title\n  energy: [a]\n  track_id: id\nmore: 1\n");
  EXPECT_THAT(text,
              HasSubstr("map.yaml:5:1: expected the key `columns` only."));
  EXPECT_THAT(text, HasSubstr("did you mean columns.track_name?"));
  EXPECT_THAT(text, HasSubstr("expected the name of a column; got a list"));
  EXPECT_THAT(text, HasSubstr("expected a column for the song's name; got"));
}

TEST_F(ColumnMapFile, NeedsAWayToTheSong) {
  EXPECT_THAT(
      error_of("columns: {track_name: title}\n"),
      HasSubstr("expected a column for track_id or for link; got none."));
  EXPECT_THAT(error_of("track_name: title\n"),
              HasSubstr("expected a map `columns:` from our names"));
  EXPECT_THAT(error_of(""), HasSubstr("expected a map `columns:`"));
}

TEST_F(ColumnMapFile, MustNameColumnsOfTheTable) {
  ColumnMap map;
  map.track_name = "titel";
  map.link = "url";
  EXPECT_EQ(
      error_text([&] {
        check_columns(map, {"title", "url"}, "t.csv");
      }),
      "[songs] expected the column 'titel' for track_name; got \"title, url\" "
      "(t.csv). Mend the column map: did you mean title?");
}

TEST(ColumnMap, FilesOfTheRepositoryAreSound) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           FERBENCH_SOURCE_DIR "/configs/songs")) {
    EXPECT_FALSE(read_column_map(entry.path()).track_name.empty());
    ++files;
  }
  EXPECT_GE(files, 2);
}

}  // namespace
}  // namespace fer
