#include "leaderboard/run_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board_fixture.h"
#include "core/file.h"

namespace fer {
namespace {

using testing::HasSubstr;

RunOrigin origin_of(const std::filesystem::path& folder) {
  return read_run_origin(read_run_files(folder));
}

TEST(RunOrigin, ReadsWhatMetricsJsonSays) {
  const TemporaryFolder folder;
  write_run(folder.path(), {.seed = 7, .leaky_share = 0.375});
  folder.write("model.onnx", std::string(1000, 'x'));
  const RunOrigin origin = origin_of(folder.path());
  EXPECT_EQ(origin.experiment, "alpha");
  EXPECT_EQ(origin.seed, 7);
  EXPECT_EQ(origin.model, "fernet");
  EXPECT_EQ(origin.dataset, "fer2013 (happy, sad)");
  EXPECT_EQ(origin.image_shape, "1x48x48");
  EXPECT_EQ(origin.fingerprint, std::string(64, 'a'));
  EXPECT_TRUE(origin.leaky);
  EXPECT_EQ(origin.leaky_share, 0.375);
  EXPECT_EQ(origin.parameters, 1234567);
  EXPECT_EQ(origin.train_seconds, 3600);
  EXPECT_EQ(origin.onnx_bytes, 1000);
  EXPECT_EQ(origin.commit, "1a2b3c4d5e");
  EXPECT_EQ(origin.started, "2026-11-21T06:00:00Z");
}

TEST(RunOrigin, FallsBackForAnOldRun) {
  const TemporaryFolder folder;
  write_run(folder.path(), {.experiment = "old", .seed = 3, .old = true});
  folder.write("history.csv",
               "epoch,seconds,images_per_second\n1,10,100\n2,20,300\n3,30,\n");
  const RunOrigin origin = origin_of(folder.path());
  EXPECT_EQ(origin.experiment, "old");
  EXPECT_EQ(origin.seed, 3);
  EXPECT_EQ(origin.model, "fernet");
  EXPECT_EQ(origin.hardware, "AMD EPYC, 2 cores");
  EXPECT_EQ(origin.commit, "0ld0ld0ld0");
  EXPECT_EQ(origin.train_seconds, 60);       // 10 + 20 + 30
  EXPECT_EQ(origin.images_per_second, 200);  // median of 100, 300
  EXPECT_FALSE(origin.parameters);
  EXPECT_FALSE(origin.onnx_bytes);
  EXPECT_EQ(origin.fingerprint, "");
}

TEST(RunOrigin, KeepsTheSettingsThatSeedsShare) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  const auto settings = origin_of(folder.path()).settings;
  EXPECT_EQ(settings.at("train.epochs"), "30");
  EXPECT_EQ(settings.at("data.classes"), "[happy, sad]");
  for (const char* own : {"experiment.seed", "data.path", "train.threads"})
    EXPECT_FALSE(settings.contains(own)) << own;
}

TEST(RunOrigin, AsksForWhatNobodyElseKnows) {
  const TemporaryFolder folder;
  write_run(folder.path(), {.old = true});
  edit_file(folder / "config.yaml", "  seed: 42\n", "");
  EXPECT_THAT(error_text([&] { origin_of(folder.path()); }),
              HasSubstr("[leaderboard] expected the seed in metrics.json or "
                        "config.yaml; got none"));
  std::filesystem::remove(folder / "config.yaml");
  EXPECT_THAT(error_text([&] { origin_of(folder.path()); }),
              HasSubstr("expected the experiment's name in metrics.json"));
}

TEST(RunOrigin, RefusesAConfigThatIsNoYaml) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  folder.write("config.yaml", "experiment: [");
  EXPECT_THAT(error_text([&] { origin_of(folder.path()); }),
              HasSubstr("config.yaml:1"));
}

TEST(DatasetName, IsTheFileAndTheClasses) {
  const std::vector<std::string> two = {"happy", "sad"};
  const std::vector<std::string> four = {"a", "b", "c", "d"};
  EXPECT_EQ(dataset_name({{"data.path", "/x/FER 2013.tar.gz"}}, two, ""),
            "FER 2013 (happy, sad)");
  EXPECT_EQ(dataset_name({{"data.path", "faces/"}}, four, ""),
            "faces (4 classes)");
  EXPECT_EQ(dataset_name({{"data.path", "icml_face_data.csv"}}, {}, ""),
            "icml_face_data");
  EXPECT_EQ(dataset_name({}, two, "/y/ck.zip"), "ck (happy, sad)");
  EXPECT_EQ(dataset_name({}, two, ""), "unknown (happy, sad)");
}

TEST(DatasetName, TellsDrawnFacesApartByWhatDrewThem) {
  const std::vector<std::string> two = {"happy", "sad"};
  EXPECT_EQ(dataset_name({{"data.source", "synthetic"},
                          {"data.synthetic.seed", "7"},
                          {"data.synthetic.noise", "0.08"}},
                         two, ""),
            "synthetic (happy, sad)");
  EXPECT_EQ(dataset_name({{"data.source", "synthetic"},
                          {"data.synthetic.seed", "8"},
                          {"data.synthetic.noise", "0.2"}},
                         two, ""),
            "synthetic seed=8 noise=0.2 (happy, sad)");
}

}  // namespace
}  // namespace fer
