#include "songs/column_map.h"

#include <algorithm>

#include "config/faults.h"
#include "config/tree.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"

namespace fer {
namespace {

struct TextColumn {
  const char* name;
  std::string ColumnMap::*member;
};

constexpr TextColumn kTexts[] = {
    {"track_id", &ColumnMap::track_id},
    {"track_name", &ColumnMap::track_name},
    {"artist_name", &ColumnMap::artist_name},
    {"album_name", &ColumnMap::album_name},
    {"source_genre", &ColumnMap::source_genre},
    {"mood", &ColumnMap::mood},
    {"popularity", &ColumnMap::popularity},
    {"link", &ColumnMap::link},
};

bool has(const std::vector<std::string>& header, const std::string& column) {
  return std::ranges::find(header, column) != header.end();
}

// Audio features under Spotify's own names.
void add_audio_features(ColumnMap& map) {
  for (size_t i = 0; i <= static_cast<size_t>(Feature::kLength); ++i)
    map.features[i] = info_of(static_cast<Feature>(i)).name;
}

ColumnMap moods_format() {
  ColumnMap map{"spotify_moods", "id",   "name",       "artist", "album",
                "genre",         "mood", "popularity", "",       {}};
  add_audio_features(map);
  return map;
}

ColumnMap muse_format() {
  ColumnMap map{"muse",  "spotify_id", "track", "artist",     "",
                "genre", "",           "",      "lastfm_url", {}};
  for (const Feature f :
       {Feature::kValenceTags, Feature::kArousalTags, Feature::kDominanceTags})
    map.features[static_cast<size_t>(f)] = info_of(f).name;
  return map;
}

ColumnMap report_format() {
  ColumnMap map{"report",     "track_id", "track_name", "artist_name",
                "album_name", "genres",   "",           "popularity",
                "",           {}};
  add_audio_features(map);
  return map;
}

// What a header must have to be of this format.
std::vector<std::string> signature(const ColumnMap& map) {
  std::vector<std::string> needed = {map.track_id, map.track_name,
                                     map.artist_name};
  for (const auto& more : {map.mood, map.popularity, map.link})
    if (!more.empty()) needed.push_back(more);
  if (map.name == "muse")
    needed.insert(needed.end(),
                  {"valence_tags", "arousal_tags", "dominance_tags"});
  return needed;
}

std::vector<std::string> missing(const ColumnMap& map,
                                 const std::vector<std::string>& header) {
  std::vector<std::string> names;
  for (const std::string& column : signature(map))
    if (!has(header, column)) names.push_back(column);
  return names;
}

void keep_present(ColumnMap& map, const std::vector<std::string>& header) {
  for (const TextColumn& text : kTexts)
    if (!has(header, map.*text.member)) (map.*text.member).clear();
  for (std::string& column : map.features)
    if (!has(header, column)) column.clear();
}

// The place of our name `key` in the map, or null.
std::string* member(ColumnMap& map, const std::string& key) {
  for (const TextColumn& text : kTexts)
    if (key == text.name) return &(map.*text.member);
  for (size_t i = 0; i < kFeatures; ++i)
    if (key == info_of(static_cast<Feature>(i)).name) return &map.features[i];
  return nullptr;
}

void read_entry(const YamlEntry& entry, ColumnMap& map, Faults& faults) {
  std::string* place = member(map, entry.key);
  if (place == nullptr) {
    faults.add(entry.where, "columns." + entry.key,
               fmt::format("expected one of {}{}", join(column_names(), ", "),
                           suggestion(entry.key, column_names(), "columns.")));
  } else if (!entry.value.is(YamlNode::Kind::kScalar) ||
             entry.value.text.empty()) {
    faults.add(entry.value.where, "columns." + entry.key,
               fmt::format("expected the name of a column; got {}.",
                           describe_node(entry.value)));
  } else {
    *place = entry.value.text;
  }
}

}  // namespace

std::vector<std::string> column_names() {
  std::vector<std::string> names;
  for (const TextColumn& text : kTexts) names.emplace_back(text.name);
  for (size_t i = 0; i < kFeatures; ++i)
    names.emplace_back(info_of(static_cast<Feature>(i)).name);
  return names;
}

std::span<const ColumnMap> known_formats() {
  static const std::vector<ColumnMap> formats = {moods_format(), muse_format(),
                                                 report_format()};
  return formats;
}

ColumnMap recognise_columns(const std::vector<std::string>& header,
                            const std::filesystem::path& path) {
  const ColumnMap* nearest_format = nullptr;
  size_t fewest = SIZE_MAX;
  for (const ColumnMap& format : known_formats()) {
    const size_t lacking = missing(format, header).size();
    if (lacking < fewest) {
      fewest = lacking;
      nearest_format = &format;
    }
  }
  if (fewest > 0) {
    fail<DataError>(
        "[songs] expected the columns of a known song table; got {} ({}). The "
        "nearest format, {}, also has {}. Say which column is which: --columns "
        "FILE, see docs/songs.md.",
        in_quotes(join(header, ", ")), path.string(), nearest_format->name,
        join(missing(*nearest_format, header), ", "));
  }
  ColumnMap map = *nearest_format;
  keep_present(map, header);
  return map;
}

ColumnMap read_column_map(const std::filesystem::path& path) {
  Faults faults;
  const YamlNode root = parse_tree(read_file(path), path.string(), faults);
  faults.raise();
  ColumnMap map;
  map.name = path.stem().string();
  const YamlEntry* columns = root.find("columns");
  if (columns == nullptr || !columns->value.is(YamlNode::Kind::kMap)) {
    fail<ConfigError>(
        "[songs] expected a map `columns:` from our names to those of the "
        "table; got {} ({}). See docs/songs.md.",
        columns ? describe_node(columns->value) : "none", path.string());
  }
  for (const YamlEntry& entry : root.entries)
    if (entry.key != "columns")
      faults.add(entry.where, entry.key, "expected the key `columns` only.");
  for (const YamlEntry& entry : columns->value.entries)
    read_entry(entry, map, faults);
  if (map.track_name.empty())
    faults.add(columns->where, "columns.track_name",
               "expected a column for the song's name; got none.");
  if (map.track_id.empty() && map.link.empty())
    faults.add(columns->where, "columns.track_id",
               "expected a column for track_id or for link; got none.");
  faults.raise();
  return map;
}

void check_columns(const ColumnMap& map, const std::vector<std::string>& header,
                   const std::filesystem::path& path) {
  ColumnMap copy = map;
  for (const std::string& name : column_names()) {
    const std::string& column = *member(copy, name);
    if (column.empty() || has(header, column)) continue;
    const std::string near = nearest(column, header);
    fail<DataError>("[songs] expected the column '{}' for {}; got {} ({}). {}",
                    column, name, in_quotes(join(header, ", ")), path.string(),
                    near.empty()
                        ? "Mend the column map."
                        : "Mend the column map: did you mean " + near + "?");
  }
}

}  // namespace fer
