// The table `songs`: made, filled, read row by row.
#include "core/error.h"
#include "core/file.h"
#include "songs/song_database.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kApplication = 0x66657273;  // "fers"

// Text columns in the order of the table; number columns follow.
struct TextColumn {
  const char* name;
  std::string Song::*member;
};
constexpr TextColumn kBefore[] = {{"track_id", &Song::id},
                                  {"track_name", &Song::name},
                                  {"artist_name", &Song::artist},
                                  {"genres", &Song::genres}};
constexpr TextColumn kAfter[] = {{"album_name", &Song::album},
                                 {"source_genre", &Song::source_genre},
                                 {"mood", &Song::mood},
                                 {"link", &Song::link}};
struct NumberColumn {
  const char* name;
  double Song::*member;
};
constexpr NumberColumn kRanks[] = {{"raw_popularity", &Song::raw_popularity},
                                   {"valence_rank", &Song::valence_rank},
                                   {"arousal_rank", &Song::arousal_rank},
                                   {"dominance_rank", &Song::dominance_rank}};

std::string create_table() {
  std::string sql =
      "CREATE TABLE songs (track_id TEXT PRIMARY KEY, track_name TEXT NOT "
      "NULL, artist_name TEXT, genres TEXT, popularity REAL";
  for (const TextColumn& column : kAfter)
    sql += fmt::format(", {} TEXT", column.name);
  for (const NumberColumn& column : kRanks)
    sql += fmt::format(", {} REAL", column.name);
  for (size_t i = 0; i < kFeatures; ++i)
    sql += fmt::format(", {} REAL", info_of(static_cast<Feature>(i)).name);
  return sql + ") WITHOUT ROWID;";
}

// Each policy reads its songs in the order of one index.
constexpr const char* kIndexes =
    "CREATE INDEX songs_by_popularity ON songs(popularity DESC, track_id);"
    "CREATE INDEX songs_by_genre ON songs(genres, popularity DESC, track_id) "
    "WHERE genres IS NOT NULL;"
    "CREATE INDEX songs_by_mood ON songs(mood COLLATE NOCASE, popularity DESC, "
    "track_id) WHERE mood IS NOT NULL;"
    "CREATE INDEX songs_by_valence ON songs(valence_rank, arousal_rank, "
    "dominance_rank, popularity) WHERE valence_rank IS NOT NULL;";

void insert(Statement& statement, const Song& song) {
  int index = 0;
  for (const TextColumn& column : kBefore)
    statement.text_or_null(++index, song.*column.member);
  statement.bind(++index, song.popularity);
  for (const TextColumn& column : kAfter)
    statement.text_or_null(++index, song.*column.member);
  for (const NumberColumn& column : kRanks)
    statement.bind(++index, song.*column.member);
  for (const double value : song.features) statement.bind(++index, value);
  statement.step();
  statement.reset();
}

std::string insert_sql() {
  std::string sql = "INSERT INTO songs VALUES (?";
  const size_t columns =
      std::size(kBefore) + 1 + std::size(kAfter) + std::size(kRanks);
  for (size_t i = 1; i < columns + kFeatures; ++i) sql += ",?";
  return sql + ")";
}

int64_t application_of(const fs::path& path) {
  try {
    return Sqlite::open(path).pragma("application_id");
  } catch (const DataError&) {
    return 0;  // no SQLite file at all
  }
}

}  // namespace

const std::string& song_columns() {
  static const std::string columns = [] {
    std::string text;
    for (const TextColumn& column : kBefore)
      text += fmt::format("{}, ", column.name);
    text += "popularity";
    for (const TextColumn& column : kAfter)
      text += fmt::format(", {}", column.name);
    for (const NumberColumn& column : kRanks)
      text += fmt::format(", {}", column.name);
    for (size_t i = 0; i < kFeatures; ++i)
      text += fmt::format(", {}", info_of(static_cast<Feature>(i)).name);
    return text;
  }();
  return columns;
}

Song song_of(const Statement& row) {
  Song song;
  int index = 0;
  for (const TextColumn& column : kBefore)
    song.*column.member = row.text(index++);
  song.popularity = row.number(index++);
  for (const TextColumn& column : kAfter)
    song.*column.member = row.text(index++);
  for (const NumberColumn& column : kRanks)
    song.*column.member = row.number(index++);
  for (double& value : song.features) value = row.number(index++);
  return song;
}

void check_may_replace(const fs::path& path) {
  if (!fs::exists(fs::symlink_status(path))) return;
  if (fs::is_regular_file(path) && application_of(path) == kApplication) return;
  fail<DataError>(
      "[songs] expected a new file or a song catalogue of ferbench to replace; "
      "got something else, which was left as it is ({}). Name another file "
      "with --db.",
      path.string());
}

void write_song_database(const fs::path& path, const std::vector<Song>& songs,
                         const Json& facts) {
  check_may_replace(path);
  Sqlite database = Sqlite::in_memory();
  database.run(fmt::format(
      "PRAGMA application_id = {}; PRAGMA user_version = {}; PRAGMA "
      "page_size = 8192; BEGIN; {} CREATE TABLE facts (json TEXT NOT NULL);",
      kApplication, kSongSchema, create_table()));
  Statement fact(database, "INSERT INTO facts VALUES (?)");
  fact.bind(1, json_text(facts, -1));
  fact.step();
  fact.reset();
  Statement statement(database, insert_sql());
  for (const Song& song : songs) insert(statement, song);
  database.run(std::string(kIndexes) + "COMMIT;");
  write_file(path, database.bytes());
}

SongDatabase::SongDatabase(const fs::path& path)
    : path_(path), connection_([&] {
        if (!fs::is_regular_file(path)) {
          fail<DataError>(
              "[songs] expected a song catalogue; got no such file ({}). Make "
              "it with `ferbench songs import CSV --db {}`.",
              path.string(), path.string());
        }
        return Sqlite::open(path);
      }()) {
  if (connection_.pragma("application_id") != kApplication) {
    fail<DataError>(
        "[songs] expected a song catalogue of ferbench; got another database "
        "({}). Make one with `ferbench songs import CSV`.",
        path.string());
  }
  const int64_t schema = connection_.pragma("user_version");
  if (schema != kSongSchema) {
    fail<DataError>(
        "[songs] expected a catalogue of version {}; got version {} ({}). "
        "Import its table again.",
        kSongSchema, schema, path.string());
  }
}

}  // namespace fer
