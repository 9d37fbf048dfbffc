// Weights and what they have seen: a run's table, and the questions asked of
// it.
#include "data/trained_on.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "image_builder.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

using testing::ElementsAre;

class TrainedOn : public testing::Test {
 protected:
  /// A run folder with the table of what `split` trains on.
  fs::path trained(const std::string& name, const ImageSet& images,
                   const Split& split, const Twins& twins,
                   const fs::path& from = {}) {
    const fs::path run = folder_.path() / name;
    write_file(run / "config.yaml", "");
    write_trained_on(run, images, split, twins, starting_from(from));
    return run;
  }
  fs::path trained(const std::string& name, const ImageSet& images,
                   const Split& split, const fs::path& from = {}) {
    return trained(name, images, split, exact_twins(images), from);
  }
  /// The settings of a run that starts from the best weights of `run`.
  Config starting_from(const fs::path& run,
                       const fs::path& archive = "fer2013.tar.gz") const {
    Config config;
    config.data.source = SourceKind::kFolder;
    config.data.path = archive;
    if (!run.empty()) {
      config.model.weights = WeightsConfig{};
      config.model.weights->file = run / "checkpoints/best.safetensors";
    }
    return config;
  }
  static std::vector<std::string> ids(const fs::path& run) {
    const CsvTable table = read_csv(run / "trained_on.csv");
    std::vector<std::string> found;
    for (const auto& row : table.rows)
      found.push_back(row[table.column("id")] + " " +
                      row[table.column("trained")]);
    return found;
  }

  TemporaryFolder folder_;
};

// Contents 0 1 2 1 3 blank.
ImageSet six_images() {
  return build_images({0, 0, 0, 1, 1, 1}, {0, 1, 2, 1, 3, -1}, {"a", "b"});
}

int64_t seen(const Json& overlap, const char* part) {
  return overlap.at(part).at("seen").get<int64_t>();
}

TEST_F(TrainedOn, KnowsTheRunThatItStandsIn) {
  const ImageSet images = six_images();
  const fs::path run = trained("r", images, {{0}, {}, {}});
  fs::create_directories(run / "checkpoints");
  const fs::path before = fs::current_path();
  for (const char* file :
       {"checkpoints/best.safetensors", "best.safetensors"}) {
    fs::current_path(file[0] == 'c' ? run : run / "checkpoints");
    Config config = starting_from(run);
    config.model.weights->file = file;
    const Json overlap =
        weights_overlap(images, {{2}, {}, {0}}, exact_twins(images), config);
    fs::current_path(before);
    ASSERT_FALSE(overlap["test"].is_null()) << file;
    EXPECT_EQ(seen(overlap, "test"), 1) << file;
  }
}

TEST_F(TrainedOn, TellsFoldersWithASlashAndPacksApart) {
  const ImageSet images = six_images();
  const ImageSet others =
      build_images({0, 0, 1}, {30, 31, 32}, {"a", "b"});  // of the same ids
  for (const auto& [kind, one, two] :
       {std::tuple(SourceKind::kFolder, "one/", "two/"),
        std::tuple(SourceKind::kPacked, "one/images.ferpack",
                   "two/images.ferpack")}) {
    const fs::path run = folder_.path() / word(kind);
    write_file(run / "config.yaml", "");
    Config config = starting_from({}, one);
    config.data.source = kind;
    write_trained_on(run, images, {{0}, {}, {}}, exact_twins(images), config);
    config = starting_from(run, two);
    config.data.source = kind;
    const Json overlap = weights_overlap(others, {{}, {}, {0, 1, 2}},
                                         exact_twins(others), config);
    EXPECT_EQ(seen(overlap, "test"), 0) << word(kind);
  }
}

TEST_F(TrainedOn, TableHoldsTrainingImagesOnceAndTheirTwins) {
  const ImageSet images = six_images();
  Twins twins = exact_twins(images);
  add_near_twins(twins, {{0, 4, 0.99f, 1, 0, 0, false}});
  const fs::path run = trained("r", images, {{1, 1, 0, 5}, {2}, {}}, twins);
  EXPECT_THAT(ids(run), ElementsAre("image-0 1", "image-1 1", "image-3 0",
                                    "image-4 0", "image-5 1"));
  const CsvTable table = read_csv(run / "trained_on.csv");
  EXPECT_THAT(table.columns, ElementsAre("source", "id", "picture", "trained"));
  EXPECT_EQ(table.rows[0][0], "folder fer2013.tar.gz");
  EXPECT_EQ(table.rows[0][2].size(), 16u);
  EXPECT_EQ(table.rows[1][2], table.rows[2][2]);  // one content
  EXPECT_EQ(table.rows[4][2], "");                // blank
}

TEST_F(TrainedOn, FindsAnImageByItsIdThoughItsPixelsDiffer) {
  const fs::path run = trained("r", six_images(), {{0, 2}, {1}, {}});
  // Other contents: as after another resizing.
  const ImageSet images =
      build_images({0, 0, 1, 1}, {10, 11, 12, 13}, {"a", "b"});
  const Json overlap =
      weights_overlap(images, {{1}, {3}, {0, 2, 3}}, exact_twins(images),
                      starting_from(run, "elsewhere/fer2013.tar.gz"));
  EXPECT_EQ(overlap["run"], run.string());
  EXPECT_EQ(overlap["trained_on"], 2);
  EXPECT_EQ(overlap["test"]["rows"], 3);
  EXPECT_EQ(seen(overlap, "test"), 2);  // image-0, image-2
  EXPECT_DOUBLE_EQ(overlap["test"]["share"], 2.0 / 3);
  EXPECT_EQ(seen(overlap, "val"), 0);
}

TEST_F(TrainedOn, FindsAPictureUnderAnotherSourceAndId) {
  const fs::path run = trained("r", six_images(), {{2, 5}, {1}, {}});
  ImageSet images = build_images({0, 0, 1}, {2, 20, -1}, {"a", "b"});
  images.ids = {"row-1", "row-2", "row-3"};
  const Config other = starting_from(run, "faces.csv");
  const Json overlap =
      weights_overlap(images, {{1}, {}, {0, 1, 2}}, exact_twins(images), other);
  EXPECT_EQ(seen(overlap, "test"), 1);  // blank ones are nobody's twin
  // The same ids of another source mean other images.
  images = build_images({0, 0, 1}, {30, 31, 32}, {"a", "b"});
  EXPECT_EQ(seen(weights_overlap(images, {{}, {}, {0, 1, 2}},
                                 exact_twins(images), other),
                 "test"),
            0);
}

TEST_F(TrainedOn, CountsTwinsOfEitherSide) {
  // The run knew that image 4 is a twin of image 0, which it trained on.
  const ImageSet images = six_images();
  Twins wide = exact_twins(images);
  add_near_twins(wide, {{0, 4, 0.99f, 1, 0, 0, false}});
  const fs::path run = trained("r", images, {{0}, {}, {}}, wide);
  const Twins narrow = exact_twins(images);
  const Config config = starting_from(run);
  EXPECT_EQ(
      seen(weights_overlap(images, {{}, {}, {4}}, narrow, config), "test"), 1);
  EXPECT_EQ(
      seen(weights_overlap(images, {{}, {}, {2}}, narrow, config), "test"), 0);
  // The new run knows that image 2 is a twin of image 4.
  Twins later = exact_twins(images);
  add_near_twins(later, {{2, 4, 0.99f, 1, 0, 0, false}});
  EXPECT_EQ(seen(weights_overlap(images, {{}, {}, {2}}, later, config), "test"),
            1);
}

TEST_F(TrainedOn, TellsOfTheWholeLineOfWeights) {
  const ImageSet images = six_images();
  const fs::path first = trained("first", images, {{0}, {}, {}});
  const fs::path second = trained("second", images, {{2}, {}, {}}, first);
  EXPECT_THAT(ids(second), ElementsAre("image-2 1", "image-0 1"));
  const Json overlap =
      weights_overlap(images, {{4}, {}, {0, 1, 2, 4}}, exact_twins(images),
                      starting_from(second));
  EXPECT_EQ(overlap["trained_on"], 2);
  EXPECT_EQ(seen(overlap, "test"), 2);
  EXPECT_DOUBLE_EQ(overlap["test"]["share_with_train"], 0.75);
}

TEST_F(TrainedOn, OfOtherWeightsIsNotKnown) {
  const ImageSet images = six_images();
  const Split split = {{0}, {1}, {2}};
  const Twins twins = exact_twins(images);
  EXPECT_TRUE(weights_overlap(images, split, twins, {}).is_null());
  refuse_seen(nullptr, Protocol::kClean);
  Config config;
  config.model.weights = WeightsConfig{};
  config.model.weights->file = "resnet50.safetensors";
  const Json overlap = weights_overlap(images, split, twins, config);
  EXPECT_EQ(overlap.dump(),
            R"({"file":"resnet50.safetensors","run":null,"trained_on":null,)"
            R"("val":null,"test":null})");
  EXPECT_NO_THROW(refuse_seen(overlap, Protocol::kClean));
}

TEST_F(TrainedOn, RefusesWeightsThatSawTheTest) {
  const ImageSet images = six_images();
  const fs::path run = trained("r", images, {{0, 1}, {}, {}});
  const Json overlap = weights_overlap(images, {{2}, {0}, {3, 4}},
                                       exact_twins(images), starting_from(run));
  EXPECT_EQ(
      error_text([&] { refuse_seen(overlap, Protocol::kClean); }),
      "[audit] expected weights that have not seen the validation and test "
      "images; got 1 of 2 test rows and 1 of 1 validation rows, or twins of "
      "them, among the training images of " +
          run.string() +
          " (model.weights.file; data.split.protocol: clean). Train those "
          "weights without these photographs (docs/fine_tuning.md), or start "
          "from others.");
  for (const Protocol leaky :
       {Protocol::kOfficial, Protocol::kReport, Protocol::kFolders})
    EXPECT_NO_THROW(refuse_seen(overlap, leaky));
}

TEST_F(TrainedOn, RefusesARunThatDoesNotTell) {
  const ImageSet images = six_images();
  const fs::path run = trained("r", images, {{0}, {}, {}});
  fs::remove(run / "trained_on.csv");
  const Json overlap = weights_overlap(images, {{0}, {1}, {2}},
                                       exact_twins(images), starting_from(run));
  EXPECT_EQ(error_text([&] { refuse_seen(overlap, Protocol::kRandom); }),
            "[audit] expected a run that tells what it was trained on; got "
            "none (" +
                run.string() +
                "/trained_on.csv, model.weights.file). Train it again with "
                "this version, or start from other weights.");
  EXPECT_NO_THROW(refuse_seen(overlap, Protocol::kReport));
}

}  // namespace
}  // namespace fer
