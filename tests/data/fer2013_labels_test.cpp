// FER+'s labels on the real FER2013; skipped where it is absent. The counts are
// those of tests/reference/ferplus_counts.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "data/labels.h"
#include "image_builder.h"

namespace fer {
namespace {

const std::vector<std::string> kSeven = {
    "angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"};

class Fer2013Labels : public testing::Test {
 protected:
  void SetUp() override {
    if (!real_data_folder())
      GTEST_SKIP() << "FERBENCH_DATA names no folder with fer2013.tar.gz";
    if (!std::filesystem::exists(votes()))
      GTEST_SKIP() << "FERBENCH_DATA has no ferplus.csv";
  }
  static std::filesystem::path votes() {
    return std::filesystem::path(real_data_folder()) / "ferplus.csv";
  }
  // The photographs with their folders' labels, then relabelled.
  static ImageSet load(LabelKind labels, std::vector<std::string> classes) {
    static const ImageSet source = load_fer2013({});
    DataConfig config;
    config.labels = labels;
    config.classes = std::move(classes);
    config.ferplus = votes();
    return relabel(source, config);
  }
};

TEST_F(Fer2013Labels, FolderAndFerplusAgreeAsOftenAsIsKnown) {
  const ImageSet images = load(LabelKind::kFolder, {});
  // Of all images of the folder: those that most taggers call by its name.
  std::vector<int> agree(7), all(7);
  for (size_t i = 0; i < images.size(); ++i) {
    const auto label = static_cast<size_t>(images.labels[i]);
    ++all[label];
    agree[label] += images.other.labels[i] == images.labels[i];
  }
  const std::vector<int> expected = {2282, 159, 641, 8212, 5179, 2419, 3121};
  for (size_t k = 0; k < 7; ++k) EXPECT_EQ(agree[k], expected[k]) << kSeven[k];
  // 46.1 29.1 12.5 91.4 83.6 39.8 78.0 %, and 61.3 % of all.
  EXPECT_EQ(all[3], 8989);
}

TEST_F(Fer2013Labels, MajorityLeavesOutTiesAndWhatIsNoExpression) {
  const ImageSet images = load(LabelKind::kFerplusMajority, kSeven);
  std::vector<int> counts(7);
  for (const int64_t label : images.labels)
    ++counts[static_cast<size_t>(label)];
  EXPECT_EQ(counts,
            (std::vector<int>{3025, 228, 813, 9199, 11773, 4222, 4240}));
  EXPECT_EQ(images.size(), 33500u);
  const auto reasons = [&](const std::string& start) {
    return std::ranges::count_if(images.bad, [&](const BadImage& bad) {
      return bad.reason.starts_with(start);
    });
  };
  EXPECT_EQ(reasons("FER+ votes tie: "), 1776);
  EXPECT_EQ(reasons("FER+ votes for unknown"), 222);
  EXPECT_EQ(reasons("FER+ votes for contempt"), 212);
  EXPECT_EQ(reasons("FER+ votes for NF"), 177);
  // 33,500 + 1,776 + 222 + 212 + 177 = 35,887.
  EXPECT_EQ(images.bad.size(), 2387u);
}

TEST_F(Fer2013Labels, SoftOnesAreDistributionsThatTheLabelLeads) {
  const ImageSet images = load(LabelKind::kFerplusSoft, kSeven);
  ASSERT_EQ(images.targets.size(), 7 * images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    const auto row = std::span(images.targets).subspan(7 * i, 7);
    float sum = 0;
    for (const float share : row) sum += share;
    ASSERT_NEAR(sum, 1, 1e-6);
    ASSERT_EQ(std::ranges::max_element(row) - row.begin(), images.labels[i]);
  }
}

TEST_F(Fer2013Labels, OfTwoClassesComeFromAllFolders) {
  const ImageSet images = load(LabelKind::kFerplusMajority, {"happy", "sad"});
  EXPECT_EQ(images.size(), 9199u + 4222);
  // 8,212 happy and 2,419 sad ones lie in the folder of that name.
  EXPECT_EQ(std::ranges::count(images.other.labels, -1) > 0, true);
  size_t agree = 0;
  for (size_t i = 0; i < images.size(); ++i)
    agree += images.other.labels[i] == images.labels[i];
  EXPECT_EQ(agree, 8212u + 2419);
}

}  // namespace
}  // namespace fer
