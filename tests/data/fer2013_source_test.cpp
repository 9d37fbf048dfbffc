// FER2013 itself: needs FERBENCH_DATA.
#include <gmock/gmock.h>

#include <chrono>

#include "image_builder.h"
#include "tree_builder.h"

namespace fer {
namespace {

TEST(Fer2013Source, HasThePublishedCountsAndLoadsFastTheSecondTime) {
  if (!real_data_folder())
    GTEST_SKIP() << "FERBENCH_DATA names no folder with fer2013.tar.gz";
  const TemporaryFolder folder;
  DataConfig config;
  config.source = SourceKind::kFolder;
  config.path = std::filesystem::path(real_data_folder()) / "fer2013.tar.gz";
  config.cache = folder / "cache";
  const ImageSet images = load_images(config, true);
  // Rows: Training, PublicTest, PrivateTest; columns: classes by name.
  const int64_t expected[3][7] = {{3995, 436, 4097, 7215, 4965, 4830, 3171},
                                  {467, 56, 496, 895, 607, 653, 415},
                                  {491, 55, 528, 879, 626, 594, 416}};
  int64_t counts[3][7] = {};
  for (size_t i = 0; i < images.size(); ++i)
    ++counts[static_cast<int>(images.usage[i]) - 1][images.labels[i]];
  for (int u = 0; u < 3; ++u) {
    for (int k = 0; k < 7; ++k) EXPECT_EQ(counts[u][k], expected[u][k]);
  }
  EXPECT_EQ(images.ids.front(), "train/angry/Training_10118481.jpg");

  const auto start = std::chrono::steady_clock::now();
  const ImageSet again = load_images(config, true);
  const std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - start;
  EXPECT_EQ(again.fingerprint, images.fingerprint);
  EXPECT_LT(spent.count(), 1.0);
}

}  // namespace
}  // namespace fer
