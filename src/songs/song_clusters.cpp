#include "songs/song_clusters.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

using Eigen::Index;

bool all_have(const std::vector<Song>& songs, Feature feature) {
  return std::ranges::none_of(songs, [feature](const Song& song) {
    return std::isnan(song.feature(feature));
  });
}

std::vector<Feature> usable(const std::vector<Song>& songs, bool there) {
  std::vector<Feature> features;
  for (const Feature feature : report_features())
    if (all_have(songs, feature) == there) features.push_back(feature);
  return features;
}

Points raw_points(const std::vector<Song>& songs,
                  std::span<const Feature> features) {
  Points points(static_cast<Index>(songs.size()),
                static_cast<Index>(features.size()));
  for (size_t i = 0; i < songs.size(); ++i)
    for (size_t j = 0; j < features.size(); ++j)
      points(static_cast<Index>(i), static_cast<Index>(j)) =
          songs[i].feature(features[j]);
  return points;
}

std::string names_of(std::span<const Feature> features) {
  std::vector<std::string> names;
  for (const Feature feature : features)
    names.emplace_back(info_of(feature).name);
  return join(names, ", ");
}

// The features that a name is made of, and where they go.
struct NameFeature {
  Feature feature;
  double ClusterProfile::*mean;
};
constexpr NameFeature kNameFeatures[] = {
    {Feature::kDanceability, &ClusterProfile::danceability},
    {Feature::kEnergy, &ClusterProfile::energy},
    {Feature::kValence, &ClusterProfile::valence},
    {Feature::kTempo, &ClusterProfile::tempo}};

void add_mean(const std::vector<Song>& songs, const std::vector<int>& labels,
              const NameFeature& name, std::vector<ClusterProfile>& profiles) {
  std::vector<double> values;
  for (const Song& song : songs) values.push_back(song.feature(name.feature));
  const std::vector<double> scaled = min_max(values);
  for (size_t i = 0; i < songs.size(); ++i)
    profiles[static_cast<size_t>(labels[i])].*name.mean += scaled[i];
  for (ClusterProfile& profile : profiles)
    profile.*name.mean /= static_cast<double>(profile.songs);
}

double score_of(const ClusterProfile& profile) {
  double sum = 0;
  int known = 0;
  for (const NameFeature& name : kNameFeatures) {
    if (std::isnan(profile.*name.mean)) continue;
    sum += profile.*name.mean;
    ++known;
  }
  return known == 0 ? 0 : sum / known;
}

}  // namespace

std::string cannot_cluster(const std::vector<Song>& songs) {
  const std::vector<Feature> features = usable(songs, true);
  if (songs.empty() || features.size() < 2) {
    return fmt::format(
        "at least two of the features {}; got {}", names_of(report_features()),
        songs.empty() || features.empty() ? "none" : names_of(features));
  }
  const Points points = raw_points(songs, features);
  const bool alike = (points.rowwise() - points.row(0)).isZero(0);
  return alike ? fmt::format("songs that differ in {}; got {} alike",
                             names_of(features), songs.size())
               : "";
}

Clustering cluster_songs(const std::vector<Song>& songs,
                         const KMeansOptions& options) {
  if (const std::string reason = cannot_cluster(songs); !reason.empty()) {
    fail<DataError>(
        "[songs] expected {}. Use a policy that needs no clusters, such as "
        "mood_table or valence_arousal.",
        reason);
  }
  Clustering clustering;
  clustering.features = usable(songs, true);
  clustering.missing = usable(songs, false);
  clustering.points = min_max(raw_points(songs, clustering.features));
  KMeansOptions two = options;
  two.clusters = 2;
  clustering.fit = fit_kmeans(clustering.points, two);
  clustering.profiles = name_clusters(songs, clustering.fit.labels);
  clustering.name_gap =
      std::abs(clustering.profiles[0].score - clustering.profiles[1].score);
  return clustering;
}

std::vector<ClusterProfile> name_clusters(const std::vector<Song>& songs,
                                          const std::vector<int>& labels) {
  std::vector<ClusterProfile> profiles(2);
  for (const int label : labels) ++profiles[static_cast<size_t>(label)].songs;
  for (const NameFeature& name : kNameFeatures)
    add_mean(songs, labels, name, profiles);
  for (ClusterProfile& profile : profiles) profile.score = score_of(profile);
  size_t cheerful = profiles[1].score > profiles[0].score ? 1 : 0;
  if (profiles[0].score == profiles[1].score && !labels.empty())
    cheerful = static_cast<size_t>(labels[0]);
  profiles[cheerful].name = "cheerful";
  profiles[1 - cheerful].name = "sombre";
  return profiles;
}

void set_genres(std::vector<Song>& songs, const Clustering& clustering) {
  for (size_t i = 0; i < songs.size(); ++i)
    songs[i].genres =
        clustering.profiles[static_cast<size_t>(clustering.fit.labels[i])].name;
}

}  // namespace fer
