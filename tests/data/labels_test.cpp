#include "data/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "data/assemble.h"
#include "data/fingerprint.h"
#include "image_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const std::string kHead =
    "file,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,"
    "unknown,NF\n";

// Six images of happy, neutral and sad folders, and ten people's votes.
class Labels : public testing::Test {
 protected:
  Labels() {
    images_ = build_images({0, 0, 1, 1, 2, 2}, {"happy", "neutral", "sad"});
    images_.fingerprint = image_fingerprint(images_);
    config_.ferplus =
        folder_.write("v.csv", kHead +                              //
                                   "image-0,1,9,0,0,0,0,0,0,0,0\n"  // happy
                                   "image-1,6,2,0,2,0,0,0,0,0,0\n"  // neutral
                                   "image-2,5,0,0,5,0,0,0,0,0,0\n"  // a tie
                                   "image-3,3,0,0,2,0,0,0,4,1,0\n"  // contempt
                                   "image-4,3,1,0,5,1,0,0,0,0,0\n"  // sad
                                   "image-5,0,0,0,4,0,0,0,0,0,6\n");  // NF
  }

  ImageSet load(LabelKind labels, std::vector<std::string> classes = {}) {
    config_.labels = labels;
    config_.classes = std::move(classes);
    return relabel(images_, config_);
  }
  std::string error(LabelKind labels, std::vector<std::string> classes = {}) {
    std::string text = error_text([&] { load(labels, std::move(classes)); });
    const std::string path = config_.ferplus.string();
    const size_t at = text.find(path);
    return at == std::string::npos ? text
                                   : text.replace(at, path.size(), "v.csv");
  }

  TemporaryFolder folder_;
  ImageSet images_;
  DataConfig config_;
};

TEST_F(Labels, OfTheSourceStayAsTheyAreWithoutVotes) {
  config_.ferplus.clear();
  const ImageSet images = load(LabelKind::kFolder);
  EXPECT_EQ(images.labels, images_.labels);
  EXPECT_EQ(images.pixels, images_.pixels);
  EXPECT_EQ(images.other.name, "");
  EXPECT_THAT(images.targets, IsEmpty());
}

TEST_F(Labels, OfTheSourceGetFerplusBesideThem) {
  const ImageSet images = load(LabelKind::kFolder);
  EXPECT_EQ(images.labels, images_.labels);
  EXPECT_EQ(images.fingerprint, images_.fingerprint);
  EXPECT_EQ(images.other.name, "ferplus");
  // happy, neutral, a tie, contempt, sad, no face.
  EXPECT_THAT(images.other.labels, ElementsAre(0, 1, -1, -1, 2, -1));
}

TEST_F(Labels, OfFerplusAreThoseOfTheMajority) {
  const ImageSet images = load(LabelKind::kFerplusMajority);
  EXPECT_THAT(images.class_names, ElementsAre("happy", "neutral", "sad"));
  EXPECT_THAT(images.ids, ElementsAre("image-0", "image-1", "image-4"));
  EXPECT_THAT(images.labels, ElementsAre(0, 1, 2));
  EXPECT_EQ(images.other.name, "folder");
  EXPECT_THAT(images.other.labels, ElementsAre(0, 0, 2));
  EXPECT_THAT(images.targets, IsEmpty());
  for (size_t i = 0; i < 3; ++i) {
    const size_t source[] = {0, 1, 4};
    EXPECT_THAT(images.image(i), ElementsAreArray(images_.image(source[i])));
  }
  EXPECT_EQ(images.fingerprint, image_fingerprint(images));
  EXPECT_NE(images.fingerprint, images_.fingerprint);
}

TEST_F(Labels, ListTheImagesWithoutOneAndWhy) {
  const ImageSet images = load(LabelKind::kFerplusMajority);
  std::vector<std::string> lines;
  for (const BadImage& bad : images.bad)
    lines.push_back(bad.id + ": " + bad.reason);
  EXPECT_THAT(lines, ElementsAre("image-2: FER+ votes tie: neutral, sad",
                                 "image-3: FER+ votes for contempt",
                                 "image-5: FER+ votes for NF"));
}

TEST_F(Labels, FollowTheSelectionOfClasses) {
  const ImageSet images = load(LabelKind::kFerplusMajority, {"sad", "happy"});
  EXPECT_THAT(images.class_names, ElementsAre("sad", "happy"));
  EXPECT_THAT(images.ids, ElementsAre("image-0", "image-4"));
  EXPECT_THAT(images.labels, ElementsAre(1, 0));
  EXPECT_EQ(images.bad.size(), 3u);  // not image-1, which is neutral
}

TEST_F(Labels, MayIncludeContempt) {
  const ImageSet images =
      load(LabelKind::kFerplusMajority, {"happy", "contempt"});
  EXPECT_THAT(images.ids, ElementsAre("image-0", "image-3"));
  EXPECT_THAT(images.labels, ElementsAre(0, 1));
  // The folder of image-3, neutral, is none of the two classes.
  EXPECT_THAT(images.other.labels, ElementsAre(0, -1));
}

TEST_F(Labels, OfSoftKindAddTheSharesOfTheVotes) {
  const ImageSet hard = load(LabelKind::kFerplusMajority);
  const ImageSet soft = load(LabelKind::kFerplusSoft);
  EXPECT_EQ(soft.ids, hard.ids);
  EXPECT_EQ(soft.labels, hard.labels);
  // Happy, neutral, sad; single votes not counted: 9 | 2 6 2 | 3 5.
  EXPECT_THAT(soft.targets, testing::Pointwise(testing::FloatEq(),
                                               {1.f, 0.f, 0.f, .2f, .6f, .2f,
                                                0.f, 3.f / 8, 5.f / 8}));
  EXPECT_NE(soft.fingerprint, hard.fingerprint);
}

TEST_F(Labels, OfSoftKindShareOutAmongTheChosenClasses) {
  // image-1: 2 happy, 6 neutral, 2 sad: of happy and neutral 1/4 and 3/4.
  const ImageSet soft = load(LabelKind::kFerplusSoft, {"happy", "neutral"});
  EXPECT_THAT(soft.ids, ElementsAre("image-0", "image-1"));
  EXPECT_THAT(soft.targets, ElementsAre(1, 0, .25f, .75f));
}

TEST_F(Labels, AreRenamedAsTheFoldersAre) {
  images_.class_names[0] = "joy";
  config_.relabel = {{"happy", "joy"}};
  const ImageSet images = load(LabelKind::kFerplusMajority);
  EXPECT_THAT(images.class_names, ElementsAre("joy", "neutral", "sad"));
  EXPECT_THAT(images.labels, ElementsAre(0, 1, 2));
}

TEST_F(Labels, NeedVotesForEveryImage) {
  images_.ids[1] = "row-1";
  images_.ids[4] = "row-4";
  for (const LabelKind labels : {LabelKind::kFolder, LabelKind::kFerplusSoft}) {
    EXPECT_EQ(error(labels),
              "[ferplus] expected votes for every image; got none for 2 of 6, "
              "the first row-1 (v.csv). Its column `file` holds paths as in "
              "fer2013.tar.gz.");
  }
}

TEST_F(Labels, NeedClassesOfFerplus) {
  EXPECT_EQ(error(LabelKind::kFerplusMajority, {"happy", "bored"}),
            "[ferplus] expected data.classes to name classes of FER+; got "
            "'bored', and there are neutral, happy, surprise, sad, angry, "
            "disgust, fear, contempt (v.csv). Choose from these.");
  EXPECT_THAT(error(LabelKind::kFerplusMajority, {"happy", "NF"}),
              testing::HasSubstr("got 'NF'"));
}

TEST(SourceSettings, ReadAllClassesUnderFerplusLabels) {
  DataConfig config;
  config.classes = {"happy", "sad"};
  EXPECT_EQ(source_settings(config).classes, config.classes);
  config.labels = LabelKind::kFerplusSoft;
  EXPECT_THAT(source_settings(config).classes, IsEmpty());
}

TEST(ClassFilter, MayRenameAClassOfFerplusAlone) {
  DataConfig config;
  config.relabel = {{"contempt", "sad"}};
  ClassFilter folders(config);
  folders("happy");
  EXPECT_THROW(folders.finish("x"), DataError);
  config.ferplus = "v.csv";
  ClassFilter votes(config);
  votes("happy");
  votes("sad");
  EXPECT_THAT(votes.finish("x"), ElementsAre("happy", "sad"));
}

}  // namespace
}  // namespace fer
