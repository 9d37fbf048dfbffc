// A song of the catalogue and the numbers that are known of it.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

/// Numbers of a song: Spotify's audio features, then the scores of the MuSe
/// table (Akiki and Burghardt 2021; Warriner's scale, 1 to 9).
enum class Feature {
  kDanceability,
  kEnergy,
  kSpeechiness,
  kAcousticness,
  kLiveness,
  kInstrumentalness,
  kValence,
  kLoudness,
  kMode,
  kKey,
  kTempo,
  kTimeSignature,
  kLength,
  kValenceTags,
  kArousalTags,
  kDominanceTags,
};
inline constexpr size_t kFeatures = 16;

struct FeatureInfo {
  const char* name;  ///< column of the database and of the report's table
  double low, high;  ///< what a whole row may hold
};

const FeatureInfo& info_of(Feature feature);

/// The eight features that the report clusters by.
std::span<const Feature> report_features();

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Song {
  std::string id;      ///< Spotify id, or the page's address where it has none
  std::string name;    ///< not empty
  std::string artist;  ///< may be empty
  std::string album, source_genre, mood;  ///< empty: not known
  std::string link;                       ///< where to hear it
  std::string genres;            ///< "cheerful", "sombre"; empty: unclustered
  double popularity = kUnknown;  ///< min-max over the catalogue, 0 to 1
  double raw_popularity = kUnknown;  ///< as in the table, 0 to 100
  std::array<double, kFeatures> features = filled();
  /// Places in the catalogue from 0 (lowest) to 1, NaN where not known.
  double valence_rank = kUnknown;
  double arousal_rank = kUnknown;
  double dominance_rank = kUnknown;

  double feature(Feature f) const { return features[static_cast<size_t>(f)]; }
  double& feature(Feature f) { return features[static_cast<size_t>(f)]; }

 private:
  static constexpr std::array<double, kFeatures> filled() {
    std::array<double, kFeatures> values{};
    for (double& value : values) value = kUnknown;
    return values;
  }
};

/// 22 letters and digits, as Spotify gives them.
bool is_spotify_id(std::string_view text);

/// "https://open.spotify.com/track/<id>".
std::string spotify_link(std::string_view id);

/// The id of a bare id, a "spotify:track:<id>" or a link (its query dropped).
std::optional<std::string> spotify_id_of(std::string_view text);

}  // namespace fer
