// The report's two genres: KMeans on its features, and names for the clusters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "songs/kmeans.h"
#include "songs/pca.h"
#include "songs/song.h"

namespace fer {

/// What a cluster is like: means of the features after min-max, NaN for those
/// that the table lacks.
struct ClusterProfile {
  int64_t songs = 0;
  double danceability = 0, energy = 0, valence = 0, tempo = 0;
  double score = 0;  ///< see name_clusters()
  std::string name;  ///< "cheerful" or "sombre"
};

struct Clustering {
  std::vector<Feature> features;  ///< those of the report's that are there
  std::vector<Feature> missing;   ///< those that are not
  Points points;                  ///< min-max, [songs, features]
  KMeans fit;
  std::vector<ClusterProfile> profiles;  ///< by cluster number
  double name_gap = 0;                   ///< between the two scores
};

/// Why these songs cannot be clustered, or "": fewer than two of the report's
/// features, or all songs alike.
std::string cannot_cluster(const std::vector<Song>& songs);

/// The report's clustering. Songs must be ordered by id, so that the result
/// does not depend on the order of the table. DataError with cannot_cluster().
Clustering cluster_songs(const std::vector<Song>& songs,
                         const KMeansOptions& options = {});

/// Names two clusters by their centroids. The score of a cluster is the mean of
/// danceability, energy, valence and tempo (each min-max over all songs, those
/// that the table has; energy and valence count although the report does not
/// cluster by them). The higher score is "cheerful", the other "sombre"; equal
/// scores: the cluster of the first song is cheerful. The report calls cluster
/// 0 cheerful instead, whatever it holds: that number changes with the seed.
std::vector<ClusterProfile> name_clusters(const std::vector<Song>& songs,
                                          const std::vector<int>& labels);

/// Below this gap of scores the names are said to mean little.
inline constexpr double kClearGap = 0.05;

/// Writes each song's genre.
void set_genres(std::vector<Song>& songs, const Clustering& clustering);

/// The elbow and silhouette tables: k = 1..9 and 2..9.
struct ClusterCount {
  int clusters = 0;
  double inertia = 0;
  double silhouette = 0;  ///< NaN for one cluster
};
std::vector<ClusterCount> count_clusters(const Points& points,
                                         const KMeansOptions& options = {},
                                         int most = 9);

/// The report's arbitrary naming under one seed: cluster 0 is cheerful.
struct SeedNaming {
  uint32_t seed = 0;
  double agreement = 0;  ///< share of songs that bear the centroid's name
  bool swapped = false;  ///< most songs bear the other one
  /// served_right() under the arbitrary names, where there are moods.
  std::optional<double> served;
};

/// Seeds 0 .. seeds - 1 against the names in `songs`, in parallel.
std::vector<SeedNaming> naming_over_seeds(const std::vector<Song>& songs,
                                          const Points& points, int seeds,
                                          const KMeansOptions& options = {});

/// Rows that the tables are made from: all up to `most`, else every n-th.
std::vector<size_t> table_rows(size_t songs, size_t most = 5000);
Points rows_of(const Points& points, const std::vector<size_t>& rows);

}  // namespace fer
