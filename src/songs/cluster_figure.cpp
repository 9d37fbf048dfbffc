#include "songs/cluster_figure.h"

#include <map>

#include "core/error.h"
#include "report/format.h"
#include "report/gnuplot.h"
#include "report/plot_style.h"

namespace fer {
namespace {

constexpr int kWidth = 560, kHeight = 460;
constexpr size_t kMostGroups = 8;  // as many as there are colours

using Groups = std::map<std::string, std::vector<std::vector<double>>>;

Groups grouped(const std::vector<Song>& songs, const Points& projected,
               std::string Song::*word) {
  Groups groups;
  for (size_t i = 0; i < songs.size(); ++i) {
    auto& columns = groups[songs[i].*word];
    columns.resize(2);
    columns[0].push_back(projected(static_cast<Eigen::Index>(i), 0));
    columns[1].push_back(projected(static_cast<Eigen::Index>(i), 1));
  }
  groups.erase("");
  return groups;
}

std::string axis(const char* name, const Pca& pca, size_t i) {
  return fmt::format(
      "set {}label {}\n", name,
      gnuplot_string(fmt::format("component {} ({} of the variance)", i + 1,
                                 format_percent(pca.variance_share[i]))));
}

void scatter(const Groups& groups, const Pca& pca, const std::string& title,
             const std::string& name, Gnuplot& plot) {
  std::string commands = fmt::format(
      "set title {} font ',15'\n{}{}set key outside right top\nplot ",
      gnuplot_string(title), axis("x", pca, 0), axis("y", pca, 1));
  size_t series = 0;
  for (const auto& [word, columns] : groups) {
    commands += fmt::format(
        "{} using 1:2 with points pt 7 ps 0.45 lc rgb '{}' title {}, ",
        plot.data(columns), series_colour(series++),
        gnuplot_string(
            fmt::format("{} ({})", word,
                        format_count(static_cast<double>(columns[0].size())))));
  }
  plot.figure(name, kWidth, kHeight, commands);
}

void curve(const std::vector<ClusterCount>& counts, double ClusterCount::*value,
           const std::string& title, const std::string& name, Gnuplot& plot) {
  std::vector<std::vector<double>> columns(2);
  for (const ClusterCount& count : counts) {
    columns[0].push_back(count.clusters);
    columns[1].push_back(count.*value);
  }
  plot.figure(name, kWidth, 340,
              fmt::format("set title {} font ',15'\nset xlabel 'clusters'\n"
                          "set xrange [0.5:{}.5]\nset xtics 1\nunset key\n"
                          "plot {} using 1:2 with linespoints pt 7 ps 0.7 lw "
                          "2.2 lc rgb '{}'",
                          gnuplot_string(title), counts.size(),
                          plot.data(columns), series_colour(0)));
}

}  // namespace

void draw_clusters(const std::vector<Song>& songs, const Points& points,
                   const std::vector<ClusterCount>& counts,
                   const std::filesystem::path& folder) {
  Gnuplot plot;
  const Pca pca = principal_components(points);
  if (pca.components.rows() == 2) {
    const Groups genres = grouped(songs, pca.projected, &Song::genres);
    const Groups moods = grouped(songs, pca.projected, &Song::mood);
    if (!genres.empty())
      scatter(genres, pca, "Genres found by KMeans", "song-clusters", plot);
    if (!moods.empty() && moods.size() <= kMostGroups)
      scatter(moods, pca, "Moods of the same songs", "song-moods", plot);
  }
  curve(counts, &ClusterCount::inertia, "Sum of squared distances",
        "song-elbow", plot);
  if (counts.size() > 2)
    curve(counts, &ClusterCount::silhouette, "Mean silhouette",
          "song-silhouette", plot);
  plot.run(folder);
}

}  // namespace fer
