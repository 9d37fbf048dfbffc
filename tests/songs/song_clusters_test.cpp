#include "songs/song_clusters.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/philox.h"
#include "core/temporary_folder.h"
#include "report/gnuplot.h"
#include "songs/cluster_figure.h"
#include "songs/cluster_report.h"
#include "songs/mood_agreement.h"
#include "songs/reference.h"
#include "songs/song_builder.h"
#include "songs/song_table.h"

namespace fer {
namespace {

using testing::HasSubstr;

// `n` songs; every second one slow, acoustic and quiet.
std::vector<Song> two_kinds(int n) {
  std::vector<Song> songs;
  for (int i = 0; i < n; ++i) {
    Philox random(3, 0, static_cast<uint32_t>(i), Purpose::kSynthetic);
    const bool lively = i % 2 == 0;
    Song song = test_song(i, "", lively ? "Happy" : "Sad", i % 100);
    song.feature(Feature::kDanceability) =
        (lively ? 0.7 : 0.2) + 0.2 * random.uniform();
    song.feature(Feature::kAcousticness) =
        (lively ? 0.0 : 0.7) + 0.2 * random.uniform();
    song.feature(Feature::kTempo) = (lively ? 120 : 60) + 20 * random.uniform();
    song.feature(Feature::kEnergy) = lively ? 0.8 : 0.1;
    songs.push_back(song);
  }
  return songs;
}

TEST(ClusterSongs, NamesTheLivelyOnesCheerfulUnderAnySeed) {
  std::vector<Song> songs = two_kinds(60);
  int first_clusters = 0;
  for (uint32_t seed = 0; seed < 20; ++seed) {
    KMeansOptions options;
    options.seed = seed;
    const Clustering clustering = cluster_songs(songs, options);
    set_genres(songs, clustering);
    for (size_t i = 0; i < songs.size(); ++i)
      ASSERT_EQ(songs[i].genres, i % 2 == 0 ? "cheerful" : "sombre");
    first_clusters += clustering.fit.labels[0] == 0;
  }
  // The numbers do change: that is why the names do not lean on them.
  EXPECT_GT(first_clusters, 0);
  EXPECT_LT(first_clusters, 20);
}

TEST(ClusterSongs, SaysWhichFeaturesItUsed) {
  const Clustering clustering = cluster_songs(two_kinds(10));
  EXPECT_EQ(clustering.features.size(), 3u);
  EXPECT_EQ(clustering.missing.size(), 5u);
  EXPECT_GT(clustering.name_gap, 0.4);
}

TEST(ClusterSongs, NeedsFeaturesThatDiffer) {
  std::vector<Song> songs = two_kinds(10);
  for (Song& song : songs) song.feature(Feature::kTempo) = 100;
  for (Song& song : songs) song.feature(Feature::kDanceability) = 0.5;
  for (Song& song : songs) song.feature(Feature::kAcousticness) = 0.5;
  EXPECT_EQ(error_text([&] { cluster_songs(songs); }),
            "[songs] expected songs that differ in danceability, acousticness, "
            "tempo; got 10 alike. Use a policy that needs no clusters, such as "
            "mood_table or valence_arousal.");
  for (Song& song : songs) song.feature(Feature::kTempo) = kUnknown;
  for (Song& song : songs) song.feature(Feature::kDanceability) = kUnknown;
  EXPECT_EQ(cannot_cluster(songs),
            "at least two of the features danceability, speechiness, "
            "acousticness, liveness, instrumentalness, mode, tempo, "
            "time_signature; got acousticness");
  EXPECT_THAT(cannot_cluster({}), HasSubstr("got none"));
}

TEST(NameClusters, TakesTheMeanOfWhatThereIs) {
  std::vector<Song> songs = {test_song(1), test_song(2), test_song(3)};
  const double energy[] = {0.2, 0.4, 0.6}, tempo[] = {90, 60, 120};
  for (size_t i = 0; i < 3; ++i) {
    songs[i].feature(Feature::kEnergy) = energy[i];
    songs[i].feature(Feature::kTempo) = tempo[i];
  }
  const auto profiles = name_clusters(songs, {0, 0, 1});
  // Min-max energies 0, 0.5, 1 and tempi 0.5, 0, 1.
  EXPECT_NEAR(profiles[0].energy, 0.25, 1e-12);
  EXPECT_NEAR(profiles[0].tempo, 0.25, 1e-12);
  EXPECT_NEAR(profiles[0].score, 0.25, 1e-12);
  EXPECT_TRUE(std::isnan(profiles[0].valence));
  EXPECT_EQ(profiles[0].name, "sombre");
  EXPECT_NEAR(profiles[1].score, 1, 1e-12);
  EXPECT_EQ(profiles[1].name, "cheerful");
}

TEST(NameClusters, EqualScoresFollowTheFirstSong) {
  const std::vector<Song> songs = {test_song(1), test_song(2)};
  EXPECT_EQ(name_clusters(songs, {1, 0})[1].name, "cheerful");
  EXPECT_EQ(name_clusters(songs, {0, 1})[0].name, "cheerful");
}

TEST(NamingOverSeeds, CountsSwappedNames) {
  std::vector<Song> songs = two_kinds(60);
  const Clustering clustering = cluster_songs(songs);
  set_genres(songs, clustering);
  const auto namings = naming_over_seeds(songs, clustering.points, 20);
  ASSERT_EQ(namings.size(), 20u);
  int swapped = 0;
  for (const SeedNaming& naming : namings) {
    KMeansOptions options;
    options.seed = naming.seed;
    const KMeans fit = fit_kmeans(clustering.points, options);
    // The groups are plain: all names agree, or none. Song 0 is lively.
    EXPECT_EQ(naming.swapped, fit.labels[0] == 1);
    EXPECT_EQ(naming.agreement, naming.swapped ? 0 : 1);
    EXPECT_EQ(*naming.served, naming.swapped ? 0 : 1);
    swapped += naming.swapped;
  }
  EXPECT_EQ(seed_sentence(namings),
            fmt::format("Calling cluster 0 cheerful, as the report does, swaps "
                        "the genres in {} of 20 seeds; the mood served is then "
                        "right 0.0 % to 100.0 % of the time.",
                        swapped));
  EXPECT_EQ(seed_sentence({}), "");
}

TEST(CountClusters, HasNoMoreClustersThanPoints) {
  Points points(3, 1);
  points << 0, 1, 5;
  const auto counts = count_clusters(points);
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_NEAR(counts[2].inertia, 0, 1e-20);
}

TEST(TableRows, AreEvenlyDrawn) {
  EXPECT_THAT(table_rows(3, 5), testing::ElementsAre(0, 1, 2));
  EXPECT_THAT(table_rows(10, 4), testing::ElementsAre(0, 2, 5, 7));
}

TEST(ClusterReport, SpeaksOfAll) {
  const ClusterReport report = report_clusters(two_kinds(60));
  const std::string text = cluster_text(report);
  EXPECT_THAT(text, HasSubstr("features: danceability, acousticness, tempo; "
                              "the table has no speechiness"));
  EXPECT_THAT(text, HasSubstr("silhouette"));
  EXPECT_THAT(text, HasSubstr("cheerful holds 30 of 30 Happy songs"));
  EXPECT_THAT(text, HasSubstr("seeds"));
  const Json json = cluster_json(report);
  EXPECT_EQ(json["counts"].size(), 9u);
  EXPECT_TRUE(json["counts"][0]["silhouette"].is_null());
  EXPECT_EQ(json["seeds"].size(), 100u);
  EXPECT_EQ(json["agreement"]["adjusted_rand_index"], 1.0);
}

TEST(ClusterReport, MoodsTableDoesNotSeparateHappyFromSad) {
  const auto path = data_file("spotify_moods.csv");
  if (path.empty()) GTEST_SKIP() << "no spotify_moods.csv in FERBENCH_DATA";
  const ClusterReport report = report_clusters(read_song_table(path).songs);
  ASSERT_TRUE(report.agreement);
  // Counted with pandas: cheerful 131 of 140 Happy, 154 of 197 Sad.
  EXPECT_EQ(report.agreement->in_genre("Happy", "cheerful"), 131);
  EXPECT_EQ(report.agreement->in_genre("Sad", "cheerful"), 154);
  EXPECT_NEAR(report.agreement->rand_index,
              songs_reference()["moods"]["adjusted_rand_index"], 1e-12);
  EXPECT_THAT(agreement_sentence(*report.agreement),
              HasSubstr("do not separate happy from sad songs: cheerful holds "
                        "131 of 140 Happy songs and 154 of 197 Sad songs"));
  // scikit-learn's cluster 0 is the sombre one under seed 0 and the cheerful
  // one under seed 4 (songs_sklearn.json: first_label), or the other way round.
  const auto& namings = report.seeds;
  EXPECT_NE(namings[0].swapped, namings[4].swapped);
}

TEST(ClusterFigures, AreDrawnWhole) {
  if (find_program("gnuplot").empty()) GTEST_SKIP() << "no gnuplot";
  const TemporaryFolder folder;
  const ClusterReport report = report_clusters(two_kinds(40));
  draw_clusters(report.songs, report.clustering.points, report.counts,
                folder.path());
  for (const char* name :
       {"song-clusters", "song-moods", "song-elbow", "song-silhouette"})
    for (const char* ending : {".svg", ".png"})
      EXPECT_GT(
          std::filesystem::file_size(folder / (std::string(name) + ending)),
          1000u);
  EXPECT_THAT(read_file(folder / "song-clusters.svg"),
              HasSubstr("cheerful (20)"));
}

}  // namespace
}  // namespace fer
