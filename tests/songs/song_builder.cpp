#include "songs/song_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "core/philox.h"
#include "songs/song_table.h"

namespace fer {

std::string test_id(int number) { return fmt::format("{:022}", number); }

Song test_song(int number) {
  Song song;
  song.id = test_id(number);
  song.name = fmt::format("Song {}", number);
  song.artist = "Artist";
  song.link = spotify_link(song.id);
  return song;
}

Song test_song(int number, const std::string& genre, const std::string& mood,
               double popularity) {
  Song song = test_song(number);
  song.genres = genre;
  song.mood = mood;
  song.raw_popularity = popularity;
  return song;
}

std::filesystem::path make_catalogue(const TemporaryFolder& folder,
                                     std::vector<Song> songs,
                                     const std::string& name) {
  std::ranges::sort(songs, {}, &Song::id);
  fill_scales(songs);
  write_song_database(folder / name, songs, Json::object());
  return folder / name;
}

std::vector<int> numbers_of(const std::vector<Song>& songs) {
  std::vector<int> numbers;
  for (const Song& song : songs) numbers.push_back(std::stoi(song.id));
  return numbers;
}

std::filesystem::path data_file(const std::string& name) {
  const char* folder = std::getenv("FERBENCH_DATA");
  const auto path = std::filesystem::path(folder ? folder : "data") / name;
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

std::string muse_table(int rows) {
  std::string text =
      "lastfm_url,track,artist,seeds,number_of_emotion_tags,valence_tags,"
      "arousal_tags,dominance_tags,mbid,spotify_id,genre\n";
  for (int i = 0; i < rows; ++i) {
    Philox random(1, 0, static_cast<uint32_t>(i), Purpose::kSynthetic);
    const auto score = [&random] { return random.uniform(1.5f, 8.5f); };
    // A third of MuSe's songs have no Spotify id.
    const bool has_id = random.below(3) > 0;
    text += fmt::format(
        "https://www.last.fm/music/a/_/{0},\"Song, {0}\",Artist {1},\"['calm', "
        "'epic']\",{2},{3:.6f},{4:.6f},{5:.6f},,{6},rock\n",
        i, random.below(5000), 1 + random.below(40), score(), score(), score(),
        has_id ? test_id(static_cast<int>(random.below(2'000'000'000u) / 2 +
                                          static_cast<uint32_t>(i % 7)))
               : "");
  }
  return text;
}

}  // namespace fer
