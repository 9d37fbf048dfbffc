#include "songs/song.h"

#include <algorithm>

namespace fer {
namespace {

constexpr FeatureInfo kInfo[kFeatures] = {
    {"danceability", 0, 1},
    {"energy", 0, 1},
    {"speechiness", 0, 1},
    {"acousticness", 0, 1},
    {"liveness", 0, 1},
    {"instrumentalness", 0, 1},
    {"valence", 0, 1},
    {"loudness", -100, 20},  // dB
    {"mode", 0, 1},
    {"key", -1, 11},     // -1: Spotify found none
    {"tempo", 0, 1000},  // beats a minute; 0: found none
    {"time_signature", 0, 16},
    {"length", 0, 1e9},  // milliseconds
    {"valence_tags", 1, 9},
    {"arousal_tags", 1, 9},
    {"dominance_tags", 1, 9},
};

constexpr Feature kReport[] = {
    Feature::kDanceability, Feature::kSpeechiness,      Feature::kAcousticness,
    Feature::kLiveness,     Feature::kInstrumentalness, Feature::kMode,
    Feature::kTempo,        Feature::kTimeSignature};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

}  // namespace

const FeatureInfo& info_of(Feature feature) {
  return kInfo[static_cast<size_t>(feature)];
}

std::span<const Feature> report_features() { return kReport; }

bool is_spotify_id(std::string_view text) {
  return text.size() == 22 && std::ranges::all_of(text, is_letter_or_digit);
}

std::string spotify_link(std::string_view id) {
  return "https://open.spotify.com/track/" + std::string(id);
}

std::optional<std::string> spotify_id_of(std::string_view text) {
  for (const std::string_view head :
       {"https://open.spotify.com/track/", "http://open.spotify.com/track/",
        "spotify:track:"}) {
    if (!text.starts_with(head)) continue;
    text.remove_prefix(head.size());
    text = text.substr(0, text.find_first_of("?#/"));
    break;
  }
  if (!is_spotify_id(text)) return std::nullopt;
  return std::string(text);
}

}  // namespace fer
