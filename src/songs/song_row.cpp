#include "songs/song_row.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/faults.h"
#include "config/yaml_text.h"
#include "core/error.h"

namespace fer {
namespace {

constexpr size_t kAbsent = SIZE_MAX;
constexpr FeatureInfo kPopularity = {"popularity", 0, 100};

size_t index_of(const std::vector<std::string>& header,
                const std::string& column) {
  if (column.empty()) return kAbsent;
  const auto found = std::ranges::find(header, column);
  return found == header.end() ? kAbsent
                               : static_cast<size_t>(found - header.begin());
}

// What pandas and people write for "nothing".
bool is_missing(const std::string& field) {
  static constexpr const char* kWords[] = {"",    "N/A", "n/a",  "NA",
                                           "nan", "NaN", "null", "None"};
  return std::ranges::find(kWords, field) != std::end(kWords);
}

// Line breaks and control characters would break playlists and tables.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  return text;
}

std::optional<RowFault> read_number(const std::string& field,
                                    const std::string& column,
                                    const FeatureInfo& info, double& value) {
  if (is_missing(field))
    return RowFault{"no " + column,
                    fmt::format("expected a number in {}; got none", column)};
  const char* end = field.data() + field.size();
  const auto [at, error] = std::from_chars(field.data(), end, value);
  if (error != std::errc() || at != end || !std::isfinite(value))
    return RowFault{column + " is not a number",
                    fmt::format("expected a number in {}; got {}", column,
                                in_quotes(field))};
  if (value < info.low || value > info.high)
    return RowFault{
        fmt::format("{} is not within {} to {}", column, info.low, info.high),
        fmt::format("expected {} within {} to {}; got {}", column, info.low,
                    info.high, field)};
  return std::nullopt;
}

}  // namespace

RowParser::RowParser(const ColumnMap& map,
                     const std::vector<std::string>& header)
    : columns_(header.size()),
      id_(index_of(header, map.track_id)),
      name_(index_of(header, map.track_name)),
      artist_(index_of(header, map.artist_name)),
      album_(index_of(header, map.album_name)),
      genre_(index_of(header, map.source_genre)),
      mood_(index_of(header, map.mood)),
      popularity_(index_of(header, map.popularity)),
      link_(index_of(header, map.link)),
      header_(header) {
  for (size_t i = 0; i < kFeatures; ++i) {
    const auto feature = static_cast<Feature>(i);
    const size_t index = index_of(header, map.column(feature));
    if (index != kAbsent) numbers_.push_back({index, feature});
  }
}

std::string RowParser::text(const Record& record, size_t index) const {
  if (index == kAbsent || is_missing(record.fields[index])) return {};
  return one_line(record.fields[index]);
}

std::optional<RowFault> RowParser::parse_id(const Record& record,
                                            Song& song) const {
  const std::string id = text(record, id_), link = text(record, link_);
  if (!id.empty()) {
    if (!is_spotify_id(id))
      return RowFault{
          "id is not Spotify's",
          fmt::format("expected an id of 22 letters and digits; got {}",
                      in_quotes(id))};
    song.id = id;
    song.link = spotify_link(id);
    return std::nullopt;
  }
  if (link.empty())
    return RowFault{"no id and no link", "expected an id or a link; got none"};
  if (!link.starts_with("https://") && !link.starts_with("http://"))
    return RowFault{
        "link is no web address",
        fmt::format("expected https://...; got {}", in_quotes(link))};
  const auto spotify = spotify_id_of(link);
  song.id = spotify ? *spotify : link;
  song.link = spotify ? spotify_link(*spotify) : link;
  return std::nullopt;
}

std::optional<RowFault> RowParser::parse_numbers(const Record& record,
                                                 Song& song) const {
  for (const NumberColumn& column : numbers_) {
    auto fault =
        read_number(record.fields[column.index], header_[column.index],
                    info_of(column.feature), song.feature(column.feature));
    if (fault) return fault;
  }
  if (popularity_ == kAbsent) return std::nullopt;
  return read_number(record.fields[popularity_], header_[popularity_],
                     kPopularity, song.raw_popularity);
}

std::optional<RowFault> RowParser::parse(const Record& record,
                                         Song& song) const {
  if (record.open_quote)
    return RowFault{"a quote that never ends",
                    "expected a closing quote; got none"};
  if (record.fields.size() != columns_)
    return RowFault{"wrong number of fields",
                    fmt::format("expected {} fields; got {}", columns_,
                                record.fields.size())};
  for (const std::string& field : record.fields)
    if (find_invalid_utf8(field) != std::string::npos)
      return RowFault{"text is not UTF-8",
                      "expected UTF-8 text; got other bytes"};
  song = {};
  // A song may be called "None": its name is never a missing value.
  song.name = one_line(record.fields[name_]);
  if (song.name.empty())
    return RowFault{"no name", "expected the name of a song; got none"};
  if (auto fault = parse_id(record, song)) return fault;
  song.artist = text(record, artist_);
  song.album = text(record, album_);
  song.source_genre = text(record, genre_);
  song.mood = text(record, mood_);
  return parse_numbers(record, song);
}

}  // namespace fer
