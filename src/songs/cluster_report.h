// All that is known about the clusters of a catalogue, as text and as JSON.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "songs/mood_agreement.h"
#include "songs/song_clusters.h"

namespace fer {

struct ClusterReport {
  std::vector<Song> songs;  ///< with genres, ordered by id
  Clustering clustering;
  std::vector<size_t> rows;  ///< that the tables and seeds were made from
  std::vector<ClusterCount> counts;
  std::optional<MoodAgreement> agreement;  ///< none without a mood column
  std::vector<SeedNaming> seeds;
};

struct ClusterReportOptions {
  KMeansOptions kmeans;
  int seeds = 100;     ///< for the naming table; 0: none
  bool tables = true;  ///< elbow and silhouette
  size_t most = 5000;  ///< songs that tables and seeds are made from
};

/// Clusters the songs (ordered by id) and measures all of it.
ClusterReport report_clusters(std::vector<Song> songs,
                              const ClusterReportOptions& options = {});

std::string cluster_text(const ClusterReport& report);
Json cluster_json(const ClusterReport& report);

/// "Cluster 0 named cheerful, as the report does, would have served ... in 43
/// of 100 seeds"; "" without seeds.
std::string seed_sentence(const std::vector<SeedNaming>& seeds);

}  // namespace fer
