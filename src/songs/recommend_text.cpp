#include "songs/recommend_text.h"

#include <cmath>

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json number_or_null(double value) {
  return std::isnan(value) ? Json(nullptr) : Json(value);
}

// Long names make tables wrap; cut between the characters of UTF-8.
std::string shortened(const std::string& text, size_t letters) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts && count++ == letters) return text.substr(0, i) + "…";
  }
  return text;
}

std::string counted(int64_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string heading(const Recommendation& recommendation) {
  std::vector<std::string> parts;
  for (const EmotionPart& part : recommendation.emotions) {
    parts.push_back(name_of(part.emotion));
    if (recommendation.emotions.size() > 1)
      parts.back() +=
          fmt::format(" ({}, {})", counted(part.frames, "frame"),
                      counted(static_cast<int64_t>(part.songs), "song"));
  }
  return fmt::format(
      "{}: {} by the policy {}\n", join(parts, ", "),
      counted(static_cast<int64_t>(recommendation.songs.size()), "song"),
      recommendation.policy);
}

}  // namespace

std::vector<std::string> song_head() {
  return {"song", "artist", "genre", "mood", "popularity", "link"};
}

std::vector<std::string> song_line(const Song& song) {
  return {
      shortened(song.name, 36),
      shortened(song.artist, 24),
      song.genres,
      song.mood,
      std::isnan(song.popularity) ? "" : fmt::format("{:.3f}", song.popularity),
      song.link};
}

Json song_json(const Song& song) {
  return {{"track_id", song.id},
          {"track_name", song.name},
          {"artist_name", text_or_null(song.artist)},
          {"genres", text_or_null(song.genres)},
          {"mood", text_or_null(song.mood)},
          {"popularity", number_or_null(song.popularity)},
          {"link", song.link}};
}

Json recommendation_json(const Recommendation& recommendation) {
  Json emotions = Json::array(), songs = Json::array();
  for (const EmotionPart& part : recommendation.emotions)
    emotions.push_back({{"emotion", name_of(part.emotion)},
                        {"frames", part.frames},
                        {"songs", part.songs}});
  for (const Pick& pick : recommendation.songs) {
    Json song = song_json(pick.song);
    song["emotion"] = name_of(pick.emotion);
    songs.push_back(std::move(song));
  }
  return {{"emotion", name_of(recommendation.emotions.front().emotion)},
          {"policy", recommendation.policy},
          {"emotions", std::move(emotions)},
          {"songs", std::move(songs)},
          {"notes", recommendation.notes}};
}

std::string recommendation_m3u(const Recommendation& recommendation) {
  std::string text = "#EXTM3U\n";
  for (const Pick& pick : recommendation.songs) {
    const Song& song = pick.song;
    const double length = song.feature(Feature::kLength);
    const bool seconds = !std::isnan(length) && length > 1;
    text += fmt::format(
        "#EXTINF:{},{}{}{}\n{}\n", seconds ? std::llround(length / 1000) : -1LL,
        song.artist, song.artist.empty() ? "" : " - ", song.name, song.link);
  }
  return text;
}

std::string recommendation_text(const Recommendation& recommendation) {
  const bool mixed = recommendation.emotions.size() > 1;
  std::vector<std::vector<std::string>> rows = {song_head()};
  if (mixed) rows[0].push_back("for");
  for (const Pick& pick : recommendation.songs) {
    rows.push_back(song_line(pick.song));
    if (mixed) rows.back().push_back(name_of(pick.emotion));
  }
  std::string text = heading(recommendation) + format_table(rows);
  for (const std::string& note : recommendation.notes)
    text += "note: " + note + "\n";
  return text;
}

}  // namespace fer
