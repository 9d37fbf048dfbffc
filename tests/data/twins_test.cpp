#include "data/twins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/file.h"
#include "core/json.h"
#include "core/temporary_folder.h"
#include "data/near_twins.h"
#include "image_builder.h"
#include "texture.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr View kViews[] = {
    {.dx = 3, .dy = -2},
    {.dx = -4, .dy = 4},
    {.mirrored = true},
    {.dx = 2, .dy = 1, .mirrored = true},
    {.zoom = 0.93, .dx = 0.6},
    {.zoom = 1.07, .dy = -1.4},
    {.gain = 0.6, .bias = 40},
    {.noise = 9},
    {.zoom = 0.96, .dx = -1.5, .mirrored = true, .gain = 1.1, .noise = 5},
};
constexpr size_t kKinds = std::size(kViews);

// 360 different pictures, then a twin of each of the first 180.
ImageSet planted() {
  std::vector<std::vector<uint8_t>> pictures;
  for (uint32_t i = 0; i < 360; ++i) pictures.push_back(texture(i));
  for (uint32_t i = 0; i < 180; ++i)
    pictures.push_back(texture(i, kViews[i % kKinds]));
  return set_of(pictures);
}

TEST(FindTwins, FindsPlantedTwinsOfEveryKindAndNothingElse) {
  const Twins twins = find_twins(planted(), {});
  std::vector<int> found(kKinds);
  for (const TwinPair& pair : twins.near) {
    ASSERT_EQ(pair.b, pair.a + 360) << pair.correlation;
    ++found[static_cast<size_t>(pair.a) % kKinds];
  }
  // 20 of each kind.
  for (size_t kind = 0; kind < kKinds; ++kind)
    EXPECT_GE(found[kind], 19) << "kind " << kind;
}

TEST(FindTwins, SaysHowTheTwinLies) {
  const Twins twins = find_twins(planted(), {});
  const auto pair_of = [&](int64_t a) {
    return *std::ranges::find(twins.near, a, &TwinPair::a);
  };
  // Kind 0 reads the plane at (x + 3, y - 2): pixel x of a is x - 3 of b.
  EXPECT_NEAR(pair_of(0).dx, -3, 0.1);
  EXPECT_NEAR(pair_of(0).dy, 2, 0.1);
  EXPECT_FALSE(pair_of(0).mirrored);
  EXPECT_TRUE(pair_of(2).mirrored);
  // Kind 3 mirrored back reads the plane at (x + 2, y + 1).
  EXPECT_TRUE(pair_of(3).mirrored);
  EXPECT_NEAR(pair_of(3).dx, -2, 0.1);
  EXPECT_NEAR(pair_of(3).dy, -1, 0.1);
  // Kind 5 has zoom 1.07: pixel u of a is u / 1.07 of b.
  EXPECT_NEAR(pair_of(5).zoom, 1 / 1.07, 0.01);
}

TEST(FindTwins, GroupsAreTransitiveAndNamedByTheirFirstImage) {
  const ImageSet images =
      set_of({texture(9), texture(1), texture(1, {.dx = 3}), texture(2),
              texture(1, {.dx = 6}), texture(1), texture(2)});
  const Twins twins = find_twins(images, {});
  // 1-2 and 2-4 are three pixels apart; 5 copies 1, 6 copies 3.
  EXPECT_THAT(twins.group, ElementsAre(0, 1, 1, 3, 1, 1, 3));
  EXPECT_THAT(twins.first, ElementsAre(0, 1, 2, 3, 4, 1, 3));
  for (const TwinPair& pair : twins.near) {
    EXPECT_LT(pair.a, pair.b);
    EXPECT_LT(pair.b, 5) << "an exact copy stands for its first";
  }
}

TEST(FindTwins, LeavesBlankAndNearlyBlankImagesAlone) {
  std::vector<uint8_t> blank(48 * 48, 7), nearly(48 * 48, 7);
  nearly[5] = 9;
  const Twins twins =
      find_twins(set_of({blank, blank, nearly, nearly, texture(1)}), {});
  EXPECT_THAT(twins.group, ElementsAre(0, 1, 2, 2, 4));
  EXPECT_THAT(twins.first, ElementsAre(0, 0, 2, 2, 4));
  EXPECT_THAT(twins.blank, ElementsAre(true, true, false, false, false));
  EXPECT_THAT(twins.near, IsEmpty());
}

TEST(FindTwins, ObeysItsSettings) {
  const ImageSet images =
      set_of({texture(1), texture(1, {.mirrored = true}), texture(2),
              texture(2, {.dx = 8}), texture(3), texture(3, {.noise = 5})});
  EXPECT_THAT(find_twins(images, {}).group, ElementsAre(0, 0, 2, 3, 4, 4));
  EXPECT_THAT(find_twins(images, {.mirror = false}).group,
              ElementsAre(0, 1, 2, 3, 4, 4));
  EXPECT_THAT(find_twins(images, {.max_shift = 8}).group,
              ElementsAre(0, 0, 2, 2, 4, 4));
  EXPECT_THAT(find_twins(images, {.min_correlation = 0.9999}).group,
              ElementsAre(0, 0, 2, 3, 4, 5));
  const Twins exact = find_twins(images, {.near = false});
  EXPECT_FALSE(exact.searched);
  EXPECT_THAT(exact.group, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(FindTwins, LooksAtPicturesOfAnySizeAndColour) {
  const ImageSet big = set_of(
      {texture(1, {}, 96), texture(2, {}, 96), texture(1, {.dx = 2}, 96)});
  EXPECT_THAT(find_twins(big, {}).group, ElementsAre(0, 1, 0));
  const ImageSet small = set_of({texture(1, {}, 32), texture(2, {}, 32),
                                 texture(1, {.mirrored = true}, 32)});
  EXPECT_THAT(find_twins(small, {}).group, ElementsAre(0, 1, 0));

  // RGB: three planes of a picture each.
  std::vector<uint8_t> pixels;
  for (const View& view : {View{}, View{.dx = 2}}) {
    for (int plane = 0; plane < 3; ++plane) {
      const auto one = texture(1, view);
      pixels.insert(pixels.end(), one.begin(), one.end());
    }
  }
  ImageSet rgb = set_of({texture(1), texture(2)});
  rgb.channels = 3;
  rgb.owner = nullptr;
  rgb.pixels = pixels.data();
  EXPECT_THAT(find_twins(rgb, {}).group, ElementsAre(0, 0));
}

TEST(FindTwins, SearchesOnlyWhatIsLargeEnoughToTellApart) {
  const ImageSet tiny =
      set_of({texture(1, {}, 15), texture(1, {.noise = 2}, 15)});
  const Twins twins = find_twins(tiny, {});
  EXPECT_TRUE(twins.searched);
  EXPECT_THAT(twins.near, IsEmpty());
  EXPECT_EQ(find_twins(build_images({}, {}, {}), {}).group.size(), 0u);
}

TEST(FindTwins, GivesTheSameForEveryOrderOfTheImages) {
  std::vector<std::vector<uint8_t>> pictures;
  for (uint32_t i = 0; i < 30; ++i) {
    pictures.push_back(texture(i));
    pictures.push_back(texture(i, kViews[i % kKinds]));
  }
  const auto sizes = [](const Twins& twins) {
    std::multiset<std::ptrdiff_t> all;
    for (const int64_t group :
         std::set<int64_t>(twins.group.begin(), twins.group.end()))
      all.insert(std::ranges::count(twins.group, group));
    return all;
  };
  const auto forwards = sizes(find_twins(set_of(pictures), {}));
  std::ranges::reverse(pictures);
  EXPECT_EQ(sizes(find_twins(set_of(pictures), {})), forwards);
}

// ------------------------------------------------------------- cache

class CachedTwins : public testing::Test {
 protected:
  CachedTwins() {
    std::vector<std::vector<uint8_t>> pictures;
    for (uint32_t i = 0; i < 20; ++i) pictures.push_back(texture(i));
    for (uint32_t i = 0; i < 20; ++i)
      pictures.push_back(texture(i, {.dx = 1.5, .gain = 0.8}));
    images_ = set_of(pictures);
    config_.cache = folder_ / "cache";
    config_.source = SourceKind::kFolder;
    images_.fingerprint = "one";
  }
  std::filesystem::path path() const { return twins_path(images_, config_); }

  TemporaryFolder folder_;
  ImageSet images_;
  DataConfig config_;
};

TEST_F(CachedTwins, AreThoseThatWereFound) {
  const Twins found = find_twins(images_, config_.twins);
  EXPECT_EQ(cached_twins(images_, config_), found);
  EXPECT_TRUE(std::filesystem::exists(path()));
  EXPECT_EQ(cached_twins(images_, config_), found);
}

TEST_F(CachedTwins, AreNotSearchedTwice) {
  cached_twins(images_, config_);
  // Other pixels under the same name: the stored pairs still come back.
  ImageSet renamed = images_;
  std::vector<std::vector<uint8_t>> pictures;
  for (uint32_t i = 0; i < images_.size(); ++i) pictures.push_back(texture(i));
  const ImageSet different = set_of(pictures);
  renamed.pixels = different.pixels;
  EXPECT_EQ(cached_twins(renamed, config_).near.size(), 20u);
  EXPECT_THAT(find_twins(renamed, config_.twins).near, IsEmpty());
}

TEST_F(CachedTwins, HaveAFileForEverySettingAndDataSet) {
  std::set<std::filesystem::path> paths = {path()};
  images_.fingerprint = "two";
  paths.insert(path());
  config_.twins.min_correlation = 0.9;
  paths.insert(path());
  config_.twins.max_shift = 2;
  paths.insert(path());
  config_.twins.mirror = false;
  paths.insert(path());
  EXPECT_EQ(paths.size(), 5u);
}

TEST_F(CachedTwins, SearchAgainWhereTheFileIsDamagedAndSaySo) {
  const Twins found = cached_twins(images_, config_);
  const std::string whole = read_file(path());
  std::string changed = whole;
  changed.replace(changed.find("pairs"), std::string::npos, "pairs\": []}");
  Json wild = Json::parse(whole);
  wild["pairs"] = {{1, 99, 1.0, 1.0, 0.0, 0.0, false}};
  const auto repaired = [&](const std::string& bytes) {
    write_file(path(), bytes);
    testing::internal::CaptureStderr();
    EXPECT_EQ(cached_twins(images_, config_), found);
    EXPECT_EQ(read_file(path()), whole);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(repaired(changed),
              HasSubstr("The near twins are searched again: [twins] expected "
                        "the twins that were found; got pairs that do not "
                        "match their checksum ("));
  EXPECT_THAT(repaired(wild.dump()), HasSubstr("do not match their checksum"));
  EXPECT_THAT(repaired(whole.substr(0, whole.size() / 2)),
              HasSubstr("The near twins are searched again: "));
  EXPECT_THAT(repaired("{}"), HasSubstr("got a file with faults"));
  EXPECT_THAT(repaired("[]"), HasSubstr("got a file with faults"));
}

TEST_F(CachedTwins, AreNotStoredWithoutAFolderOrASearch) {
  config_.twins.near = false;
  EXPECT_FALSE(cached_twins(images_, config_).searched);
  EXPECT_FALSE(std::filesystem::exists(config_.cache));
  config_.twins.near = true;
  config_.cache.clear();
  EXPECT_TRUE(cached_twins(images_, config_).searched);
}

}  // namespace
}  // namespace fer
