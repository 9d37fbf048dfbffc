// The clusters as a picture.
#pragma once

#include <filesystem>
#include <vector>

#include "songs/song_clusters.h"

namespace fer {

/// Draws song-clusters (the first two principal components, coloured by genre),
/// song-moods (the same, coloured by the moods, where there are some),
/// song-elbow and song-silhouette into `folder`, each as SVG and PNG. With one
/// feature there is one component and no picture. DataError without gnuplot.
void draw_clusters(const std::vector<Song>& songs, const Points& points,
                   const std::vector<ClusterCount>& counts,
                   const std::filesystem::path& folder);

}  // namespace fer
