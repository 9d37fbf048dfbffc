#include "songs/song_database.h"

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

std::string stock(const Sqlite& connection, const std::string& column) {
  Statement statement(
      connection,
      fmt::format("SELECT min({0}), count(*) FROM songs WHERE {0} IS NOT NULL "
                  "GROUP BY {0} COLLATE NOCASE ORDER BY 1",
                  column));
  std::vector<std::string> parts;
  while (statement.step())
    parts.push_back(
        fmt::format("{} {}", statement.text(0), statement.integer(1)));
  return join(parts, ", ");
}

}  // namespace

int64_t SongDatabase::size() const {
  Statement statement(connection_, "SELECT count(*) FROM songs");
  return statement.step() ? statement.integer(0) : 0;
}

Json SongDatabase::facts() const {
  Statement statement(connection_, "SELECT json FROM facts");
  if (!statement.step()) return Json::object();
  const Json facts = Json::parse(statement.text(0), nullptr, false);
  return facts.is_object() ? facts : Json::object();
}

std::vector<Song> SongDatabase::all() const {
  Statement statement(connection_, "SELECT " + song_columns() +
                                       " FROM songs ORDER BY track_id");
  std::vector<Song> songs;
  while (statement.step()) songs.push_back(song_of(statement));
  return songs;
}

std::optional<Song> SongDatabase::find(const std::string& id) const {
  if (!find_) {
    find_ = std::make_unique<Statement>(
        connection_,
        "SELECT " + song_columns() + " FROM songs WHERE track_id = ?");
  }
  find_->reset();
  find_->bind(1, std::string_view(id));
  if (!find_->step()) return std::nullopt;
  Song song = song_of(*find_);
  find_->reset();
  return song;
}

std::vector<Song> SongDatabase::list(const std::string& genre,
                                     const std::string& mood,
                                     size_t count) const {
  std::string where = "WHERE 1";
  if (!genre.empty()) where += " AND genres = ?1";
  if (!mood.empty()) where += " AND mood = ?2 COLLATE NOCASE";
  Statement statement(connection_,
                      fmt::format("SELECT {} FROM songs {} ORDER BY popularity "
                                  "DESC, track_id LIMIT ?3",
                                  song_columns(), where));
  if (!genre.empty()) statement.bind(1, std::string_view(genre));
  if (!mood.empty()) statement.bind(2, std::string_view(mood));
  statement.bind(3, static_cast<int64_t>(count));
  std::vector<Song> songs;
  while (statement.step()) songs.push_back(song_of(statement));
  return songs;
}

std::string SongDatabase::stock_of_genres() const {
  return stock(connection_, "genres");
}

std::string SongDatabase::stock_of_moods() const {
  return stock(connection_, "mood");
}

}  // namespace fer
