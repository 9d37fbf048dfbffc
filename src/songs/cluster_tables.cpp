// How many clusters, and what happens to their numbers over seeds.
#include <algorithm>
#include <limits>

#include "core/parallel.h"
#include "songs/mood_agreement.h"
#include "songs/silhouette.h"
#include "songs/song_clusters.h"

namespace fer {
namespace {

SeedNaming naming_under(const std::vector<Song>& songs, const Points& points,
                        KMeansOptions options) {
  options.clusters = 2;
  const KMeans fit = fit_kmeans(points, options);
  std::vector<Song> named(songs.size());
  double same = 0;
  for (size_t i = 0; i < songs.size(); ++i) {
    named[i].mood = songs[i].mood;
    named[i].genres = fit.labels[i] == 0 ? "cheerful" : "sombre";
    same += named[i].genres == songs[i].genres;
  }
  SeedNaming naming;
  naming.seed = options.seed;
  naming.agreement = same / static_cast<double>(songs.size());
  naming.swapped = naming.agreement < 0.5;
  if (const auto agreement = mood_agreement(named, 0))
    naming.served = served_right(*agreement);
  return naming;
}

}  // namespace

std::vector<ClusterCount> count_clusters(const Points& points,
                                         const KMeansOptions& options,
                                         int most) {
  const auto n = static_cast<int>(
      std::min<Eigen::Index>(points.rows(), static_cast<Eigen::Index>(most)));
  std::vector<ClusterCount> counts(static_cast<size_t>(n));
  std::vector<std::vector<int>> labellings(counts.size());
  parallel_for(counts.size(), [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      KMeansOptions own = options;
      own.clusters = static_cast<int>(i) + 1;
      KMeans fit = fit_kmeans(points, own);
      counts[i] = {own.clusters, fit.inertia,
                   std::numeric_limits<double>::quiet_NaN()};
      labellings[i] = std::move(fit.labels);
    }
  });
  const std::vector<double> scores = silhouettes(points, labellings);
  for (size_t i = 0; i < counts.size(); ++i) counts[i].silhouette = scores[i];
  return counts;
}

std::vector<SeedNaming> naming_over_seeds(const std::vector<Song>& songs,
                                          const Points& points, int seeds,
                                          const KMeansOptions& options) {
  std::vector<SeedNaming> namings(static_cast<size_t>(std::max(0, seeds)));
  parallel_for(namings.size(), [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      KMeansOptions own = options;
      own.seed = static_cast<uint32_t>(i);
      namings[i] = naming_under(songs, points, own);
    }
  });
  return namings;
}

std::vector<size_t> table_rows(size_t songs, size_t most) {
  std::vector<size_t> rows;
  const size_t kept = std::min(songs, most);
  for (size_t i = 0; i < kept; ++i) rows.push_back(i * songs / kept);
  return rows;
}

Points rows_of(const Points& points, const std::vector<size_t>& rows) {
  Points some(static_cast<Eigen::Index>(rows.size()), points.cols());
  for (size_t i = 0; i < rows.size(); ++i)
    some.row(static_cast<Eigen::Index>(i)) =
        points.row(static_cast<Eigen::Index>(rows[i]));
  return some;
}

}  // namespace fer
