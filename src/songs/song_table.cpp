#include "songs/song_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "config/faults.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "songs/record_reader.h"
#include "songs/scaling.h"
#include "songs/song_row.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

void check_header(const Record& head, const fs::path& path) {
  if (head.fields.empty()) {
    fail<DataError>(
        "[songs] expected a line of column names; got an empty or damaged one "
        "({}). Name a CSV file with a head.",
        path.string());
  }
  std::unordered_set<std::string> seen;
  for (const std::string& column : head.fields) {
    if (column.empty() || seen.insert(column).second) continue;
    fail<DataError>(
        "[songs] expected each column once; got {} twice ({}:{}:1). Rename one "
        "of them.",
        in_quotes(column), path.string(), head.line);
  }
}

void count_damage(std::vector<Damage>& damage, const RowFault& fault,
                  size_t line) {
  for (Damage& known : damage) {
    if (known.reason != fault.reason) continue;
    ++known.rows;
    return;
  }
  damage.push_back({fault.reason, 1, line});
}

std::string describe_damage(const std::vector<Damage>& damage) {
  std::vector<std::string> parts;
  for (const Damage& d : damage)
    parts.push_back(fmt::format("{}: {}", d.reason, d.rows));
  return join(parts, "; ");
}

// Keeps the first song of each key.
template <class Key>
int64_t drop_repeats(std::vector<Song>& songs, Key key) {
  std::unordered_set<std::string> seen;
  seen.reserve(songs.size());
  const auto repeats = std::erase_if(
      songs, [&](const Song& song) { return !seen.insert(key(song)).second; });
  return static_cast<int64_t>(repeats);
}

void drop_same(SongTable& table, Same same) {
  table.same_id =
      drop_repeats(table.songs, [](const Song& song) { return song.id; });
  if (same == Same::kId) return;
  const bool by_artist = same == Same::kArtist;
  table.same_name = drop_repeats(table.songs, [by_artist](const Song& song) {
    return by_artist ? song.name + '\n' + song.artist : song.name;
  });
}

void read_rows(RecordReader& reader, const RowParser& parser,
               const fs::path& path, BadRows bad_rows, SongTable& table) {
  Record record;
  Song song;
  while (reader.next(record)) {
    ++table.rows;
    const auto fault = parser.parse(record, song);
    if (!fault) {
      table.songs.push_back(std::move(song));
    } else if (bad_rows == BadRows::kStop) {
      fail<DataError>(
          "[songs] {} ({}:{}:1). Mend or remove the row, or leave such rows "
          "out "
          "with --bad-rows skip.",
          fault->detail, path.string(), record.line);
    } else {
      count_damage(table.damage, *fault, record.line);
    }
  }
}

void fill_rank(std::vector<Song>& songs, Feature feature, double Song::*rank) {
  std::vector<double> values;
  values.reserve(songs.size());
  for (const Song& song : songs) values.push_back(song.feature(feature));
  const std::vector<double> ranks = middle_ranks(values);
  for (size_t i = 0; i < songs.size(); ++i) songs[i].*rank = ranks[i];
}

}  // namespace

int64_t SongTable::damaged() const {
  return std::accumulate(
      damage.begin(), damage.end(), int64_t{0},
      [](int64_t sum, const Damage& d) { return sum + d.rows; });
}

SongTable read_song_table(const fs::path& path, const TableOptions& options) {
  const std::string text = read_file(path);
  RecordReader reader(text);
  Record head;
  reader.next(head);
  check_header(head, path);
  if (options.columns) check_columns(*options.columns, head.fields, path);
  const ColumnMap map =
      options.columns ? *options.columns : recognise_columns(head.fields, path);
  SongTable table;
  table.format = map.name;
  read_rows(reader, RowParser(map, head.fields), path, options.bad_rows, table);
  std::ranges::stable_sort(table.damage, std::greater(), &Damage::rows);
  if (table.songs.empty()) {
    fail<DataError>(
        "[songs] expected at least one whole row; got {} rows, all damaged or "
        "none ({}{}{}). Check the file and its column map.",
        table.rows, path.string(), table.damage.empty() ? "" : "; ",
        describe_damage(table.damage));
  }
  drop_same(table, options.same);
  std::ranges::sort(table.songs, {}, &Song::id);
  fill_scales(table.songs);
  return table;
}

void fill_scales(std::vector<Song>& songs) {
  std::vector<double> popularity;
  popularity.reserve(songs.size());
  for (const Song& song : songs) popularity.push_back(song.raw_popularity);
  const std::vector<double> scaled = min_max(popularity);
  for (size_t i = 0; i < songs.size(); ++i) songs[i].popularity = scaled[i];
  if (songs.empty()) return;
  const Song& first = songs.front();
  const bool tags = !std::isnan(first.feature(Feature::kValenceTags));
  fill_rank(songs, tags ? Feature::kValenceTags : Feature::kValence,
            &Song::valence_rank);
  fill_rank(songs, tags ? Feature::kArousalTags : Feature::kEnergy,
            &Song::arousal_rank);
  fill_rank(songs, Feature::kDominanceTags, &Song::dominance_rank);
}

}  // namespace fer
