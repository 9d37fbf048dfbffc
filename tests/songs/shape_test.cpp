// Min-max, ranks, silhouette and principal components.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"
#include "songs/pca.h"
#include "songs/reference.h"
#include "songs/silhouette.h"
#include "songs/song_builder.h"
#include "songs/song_clusters.h"
#include "songs/song_table.h"

namespace fer {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

void expect_components(const Pca& pca, const Json& expected) {
  const Points components = points_of(expected["components"]);
  const Points projected = points_of(expected["projected"]);
  for (Eigen::Index d = 0; d < components.rows(); ++d) {
    const double sign =
        pca.components.row(d).dot(components.row(d)) > 0 ? 1 : -1;
    EXPECT_LT((sign * pca.components.row(d) - components.row(d)).norm(), 1e-9);
    EXPECT_LT((sign * pca.projected.col(d).head(5) - projected.col(d)).norm(),
              1e-9);
    EXPECT_NEAR(pca.variance_share[static_cast<size_t>(d)],
                expected["variance_share"][static_cast<size_t>(d)], 1e-9);
    // The sign rule itself: the largest entry is positive.
    Eigen::Index largest = 0;
    pca.components.row(d).cwiseAbs().maxCoeff(&largest);
    EXPECT_GT(pca.components(d, largest), 0);
  }
}

TEST(MinMax, MapsOntoZeroToOne) {
  EXPECT_THAT(min_max(std::vector<double>{4, 2, 6}), ElementsAre(0.5, 0, 1));
  EXPECT_THAT(min_max(std::vector<double>{3, 3}), ElementsAre(0, 0));
  const auto gaps = min_max(std::vector<double>{NAN, 1, 3});
  EXPECT_TRUE(std::isnan(gaps[0]));
  EXPECT_EQ(gaps[2], 1);
}

TEST(MiddleRanks, ShareTies) {
  // Below + half of equal: 0 + 1/2, 1 + 2/2 (twice), 3 + 1/2, of 4.
  EXPECT_THAT(middle_ranks(std::vector<double>{7, 9, 7, 1}),
              ElementsAre(0.5, 0.875, 0.5, 0.125));
}

TEST(Silhouette, FollowsItsFormula) {
  // Points 0, 1 | 5 on a line. Point 0: a = 1, b = 5; (5 - 1) / 5 = 0.8.
  // Point 1: a = 1, b = 4; 0.75. Point 5 is alone: 0. Mean 1.55 / 3.
  Points points(3, 1);
  points << 0, 1, 5;
  const std::vector<std::vector<int>> labels = {
      {0, 0, 1}, {0, 0, 0}, {0, 1, 2}};
  const auto scores = silhouettes(points, labels);
  EXPECT_NEAR(scores[0], 1.55 / 3, 1e-15);
  EXPECT_TRUE(std::isnan(scores[1]));  // one cluster
  EXPECT_TRUE(std::isnan(scores[2]));  // each point alone
}

TEST(Silhouette, EqualsSklearn) {
  for (const Json& generated : songs_reference()["generated"]) {
    std::vector<std::vector<int>> labels;
    for (const Json& list : generated["labels"])
      labels.push_back(list.get<std::vector<int>>());
    const auto scores = silhouettes(generated_points(generated), labels);
    for (size_t i = 0; i < scores.size(); ++i)
      EXPECT_NEAR(scores[i], generated["silhouettes"][i].get<double>(), 1e-9);
  }
}

TEST(Pca, FindsTheLongAxis) {
  Points points(3, 2);
  points << 0, 0, 3, 4, 6, 8;  // on a line of direction (0.6, 0.8)
  const Pca pca = principal_components(points);
  EXPECT_NEAR(pca.components(0, 0), 0.6, 1e-12);
  EXPECT_NEAR(pca.components(0, 1), 0.8, 1e-12);
  EXPECT_NEAR(pca.variance_share[0], 1, 1e-12);
  EXPECT_NEAR(pca.projected(2, 0), 5, 1e-12);  // 5 from the mean (3, 4)
}

TEST(Pca, EqualsSklearn) {
  for (const Json& generated : songs_reference()["generated"])
    expect_components(principal_components(generated_points(generated)),
                      generated["pca"]);
}

TEST(Pca, NeedsTwoPoints) {
  EXPECT_EQ(error_text([] { principal_components(Points(1, 3)); }),
            "[pca] expected at least 2 points with a feature; got 1 with 3.");
}

TEST(MoodsTable, EqualsSklearn) {
  const auto path = data_file("spotify_moods.csv");
  if (path.empty()) GTEST_SKIP() << "no spotify_moods.csv in FERBENCH_DATA";
  const Json& expected = songs_reference()["moods"];
  const SongTable table = read_song_table(path);
  const Clustering clustering = cluster_songs(table.songs);
  ASSERT_EQ(table.songs.size(), expected["songs"].get<size_t>());
  EXPECT_EQ(table.songs[0].id, expected["first_id"]);
  for (size_t j = 0; j < expected["features"].size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    EXPECT_EQ(info_of(clustering.features[j]).name, expected["features"][j]);
    EXPECT_NEAR(clustering.points(0, column), expected["first_row"][j], 1e-15);
    EXPECT_NEAR(clustering.points.col(column).sum(), expected["sums"][j], 1e-9);
  }
  for (size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(table.songs[i].popularity, expected["popularity"][i], 1e-15);
  expect_components(principal_components(clustering.points), expected["pca"]);
  const auto counts = count_clusters(clustering.points);
  ASSERT_EQ(counts.size(), 9u);
  for (size_t i = 0; i < 9; ++i) {
    const Json& row = expected["counts"][i];
    EXPECT_EQ(counts[i].clusters, row[0].get<int>());
    EXPECT_NEAR(counts[i].inertia, row[1].get<double>(), 1e-9);
    if (i == 0) {
      EXPECT_TRUE(std::isnan(counts[i].silhouette));
    } else {
      EXPECT_NEAR(counts[i].silhouette, row[2].get<double>(), 1e-9);
    }
  }
}

}  // namespace
}  // namespace fer
