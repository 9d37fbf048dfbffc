#include "songs/playlist.h"

#include <algorithm>
#include <unordered_set>

#include "config/faults.h"
#include "config/tree.h"
#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "songs/song.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// The id that a line stands for; "" when it is none.
std::string id_of(std::string_view text) {
  if (const auto id = spotify_id_of(text)) return *id;
  const bool page = text.starts_with("https://") || text.starts_with("http://");
  return page && text.find("open.spotify.com") == std::string_view::npos
             ? std::string(text)
             : "";
}

void drop_repeats(std::vector<std::string>& list) {
  std::unordered_set<std::string> seen;
  std::erase_if(list, [&](const auto& id) { return !seen.insert(id).second; });
}

std::string not_a_song(const std::string& text) {
  return "expected a Spotify id or a link; got " + in_quotes(text);
}

void read_lines(const std::string& text, Playlist& playlist) {
  size_t number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    const size_t begin = raw.find_first_not_of(" \t\r\xEF\xBB\xBF");
    if (begin == std::string::npos || raw[begin] == '#') continue;
    const std::string line =
        raw.substr(begin, raw.find_last_not_of(" \t\r") - begin + 1);
    const std::string id = id_of(line);
    if (id.empty()) {
      fail<DataError>(
          "[recommend] {} ({}:{}:1). Mend or remove the line, or name a .yaml "
          "file of lists by emotion.",
          not_a_song(line), playlist.path.string(), number);
    }
    playlist.own.push_back(id);
  }
}

void read_list(const YamlEntry& entry, Playlist& playlist, Faults& faults) {
  FaceEmotion emotion;
  try {
    emotion = parse_emotion(entry.key);
  } catch (const DataError& error) {
    faults.add(entry.where, entry.key, error.what());
    return;
  }
  if (!entry.value.is(YamlNode::Kind::kList)) {
    faults.add(
        entry.value.where, entry.key,
        "expected a list of songs; got " + describe_node(entry.value) + ".");
    return;
  }
  for (const YamlNode& item : entry.value.items) {
    const std::string id =
        item.is(YamlNode::Kind::kScalar) ? id_of(item.text) : "";
    if (id.empty()) {
      faults.add(item.where, entry.key, not_a_song(item.text) + ".");
    } else {
      playlist.lists[static_cast<size_t>(emotion)].push_back(id);
    }
  }
}

void read_yaml(const std::string& text, Playlist& playlist) {
  Faults faults;
  const YamlNode root = parse_tree(text, playlist.path.string(), faults);
  faults.raise();
  if (!root.is(YamlNode::Kind::kMap)) {
    fail<ConfigError>(
        "[recommend] expected a map from emotions to lists of songs; got {} "
        "({}). See docs/songs.md.",
        describe_node(root), playlist.path.string());
  }
  playlist.by_emotion = true;
  for (const YamlEntry& entry : root.entries)
    read_list(entry, playlist, faults);
  faults.raise();
}

}  // namespace

Playlist read_playlist(const fs::path& path) {
  Playlist playlist;
  playlist.path = path;
  const std::string text = read_file(path);
  const std::string ending = path.extension().string();
  if (ending == ".yaml" || ending == ".yml") {
    read_yaml(text, playlist);
  } else {
    read_lines(text, playlist);
  }
  drop_repeats(playlist.own);
  for (auto& list : playlist.lists) drop_repeats(list);
  const bool empty = playlist.own.empty() &&
                     std::ranges::all_of(playlist.lists, [](const auto& list) {
                       return list.empty();
                     });
  if (empty) {
    fail<DataError>(
        "[recommend] expected at least one song; got an empty playlist ({}). "
        "Write one Spotify id or link a line.",
        path.string());
  }
  return playlist;
}

}  // namespace fer
