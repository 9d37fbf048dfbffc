#include "songs/kmeans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "core/hash.h"
#include "core/temporary_folder.h"
#include "songs/reference.h"
#include "songs/song_builder.h"
#include "songs/song_clusters.h"
#include "songs/song_table.h"

namespace fer {
namespace {

Points points_from(std::initializer_list<std::initializer_list<double>> rows) {
  Points points(static_cast<Eigen::Index>(rows.size()),
                static_cast<Eigen::Index>(rows.begin()->size()));
  Eigen::Index i = 0;
  for (const auto& row : rows) {
    Eigen::Index j = 0;
    for (const double value : row) points(i, j++) = value;
    ++i;
  }
  return points;
}

std::string digits(const std::vector<int>& labels) {
  std::string text;
  for (const int label : labels) text += std::to_string(label);
  return text;
}

TEST(KMeans, FindsTwoPlainGroups) {
  const Points points = points_from({{0, 0}, {0, 1}, {9, 0}, {9, 1}});
  const KMeans fit = fit_kmeans(points, {});
  // Each point is half a step from the centre of its pair: 4 x 0.25.
  EXPECT_NEAR(fit.inertia, 1, 1e-12);
  EXPECT_EQ(fit.labels[0], fit.labels[1]);
  EXPECT_EQ(fit.labels[2], fit.labels[3]);
  EXPECT_NE(fit.labels[0], fit.labels[2]);
}

TEST(KMeans, OneClusterIsTheMean) {
  KMeansOptions options;
  options.clusters = 1;
  const KMeans fit = fit_kmeans(points_from({{1}, {2}, {6}}), options);
  EXPECT_NEAR(fit.centres(0, 0), 3, 1e-12);
  EXPECT_NEAR(fit.inertia, 4 + 1 + 9, 1e-12);
}

TEST(KMeans, EqualsSklearnFromTheSameCentres) {
  for (const Json& generated : songs_reference()["generated"]) {
    const Points points = generated_points(generated);
    for (const Json& expected : generated["lloyd"]) {
      const KMeans fit = run_lloyd(points, points_of(expected["start"]), {});
      EXPECT_EQ(fit.labels, expected["labels"].get<std::vector<int>>());
      EXPECT_LT(largest_difference(fit.centres, points_of(expected["centres"])),
                1e-9);
      EXPECT_NEAR(fit.inertia, expected["inertia"].get<double>(), 1e-9);
      EXPECT_EQ(fit.iterations, expected["iterations"].get<int>());
    }
  }
}

TEST(KMeans, DrawsTheCentresThatSklearnDraws) {
  for (const Json& generated : songs_reference()["generated"]) {
    const Points points = generated_points(generated);
    const Eigen::RowVectorXd mean = points.colwise().mean();
    const Points centred = points.rowwise() - mean;
    NumpyRandom random(7);
    const Points centres =
        draw_centres(centred, generated["groups"].get<int>(), random);
    const auto expected = generated["plusplus"].get<std::vector<int>>();
    for (size_t k = 0; k < expected.size(); ++k)
      EXPECT_EQ(
          (centres.row(static_cast<Eigen::Index>(k)) - centred.row(expected[k]))
              .norm(),
          0)
          << k;
  }
}

TEST(KMeans, EqualsSklearnUnderTheSameSeed) {
  for (const Json& generated : songs_reference()["generated"]) {
    const Points points = generated_points(generated);
    KMeansOptions options;
    options.seed = 1;
    options.restarts = 3;
    for (const Json& labels : generated["labels"]) {
      EXPECT_EQ(fit_kmeans(points, options).labels,
                labels.get<std::vector<int>>());
      ++options.clusters;
    }
  }
}

TEST(KMeans, EqualsSklearnOnTheMoodsTable) {
  const auto path = data_file("spotify_moods.csv");
  if (path.empty()) GTEST_SKIP() << "no spotify_moods.csv in FERBENCH_DATA";
  const Json& expected = songs_reference()["moods"];
  const SongTable table = read_song_table(path);
  const Points points = cluster_songs(table.songs).points;
  const Json& lloyd = expected["lloyd"];
  const KMeans run = run_lloyd(points, points_of(lloyd["start"]), {});
  EXPECT_LT(largest_difference(run.centres, points_of(lloyd["centres"])), 1e-9);
  EXPECT_NEAR(run.inertia, lloyd["inertia"].get<double>(), 1e-9);
  for (const Json& seeded : expected["seeded"]) {
    KMeansOptions options;
    options.clusters = seeded["clusters"];
    options.seed = seeded["seed"];
    options.restarts = seeded["restarts"];
    const KMeans fit = fit_kmeans(points, options);
    EXPECT_EQ(sha256(digits(fit.labels)), seeded["labels_sha256"])
        << seeded["seed"] << " " << seeded["restarts"];
    EXPECT_LT(largest_difference(fit.centres, points_of(seeded["centres"])),
              1e-9);
    EXPECT_NEAR(fit.inertia, seeded["inertia"].get<double>(), 1e-9);
  }
}

TEST(KMeans, SurvivesPointsThatAreAlike) {
  KMeansOptions options;
  options.clusters = 3;
  const KMeans fit = fit_kmeans(points_from({{1, 1}, {1, 1}, {1, 1}}), options);
  EXPECT_NEAR(fit.inertia, 0, 1e-24);
  EXPECT_TRUE(fit.centres.allFinite());
}

TEST(KMeans, NeedsAPointForEachCluster) {
  const auto text = [](const Points& points, int clusters) {
    KMeansOptions options;
    options.clusters = clusters;
    return error_text([&] { fit_kmeans(points, options); });
  };
  EXPECT_EQ(text(points_from({{1, 2}}), 2),
            "[kmeans] expected at least 2 points with a feature; got 1 points "
            "with 2. Ask for fewer clusters.");
  EXPECT_EQ(text(points_from({{1, 2}}), 0),
            "[kmeans] expected at least 1 cluster; got 0.");
}

TEST(SameClustering, IgnoresNumbers) {
  EXPECT_TRUE(same_clustering({0, 0, 1, 2}, {2, 2, 0, 1}));
  EXPECT_FALSE(same_clustering({0, 0, 1}, {0, 1, 1}));
}

}  // namespace
}  // namespace fer
