// A recommendation for people, programs and players.
#pragma once

#include <string>

#include "core/json.h"
#include "songs/recommend.h"

namespace fer {

/// {"emotion": the most frequent, "policy", "emotions": [{"emotion", "frames",
/// "songs"}], "songs": [{"track_id", "track_name", "artist_name", "genres",
/// "mood", "popularity", "link", "emotion"}], "notes": [..]}. What is not known
/// is null.
Json recommendation_json(const Recommendation& recommendation);

/// An extended M3U: title and link of each song.
std::string recommendation_m3u(const Recommendation& recommendation);

/// A table with a line of what it is for.
std::string recommendation_text(const Recommendation& recommendation);

/// The columns of one song in a table of songs; song_head() are their heads.
std::vector<std::string> song_head();
std::vector<std::string> song_line(const Song& song);
Json song_json(const Song& song);

}  // namespace fer
