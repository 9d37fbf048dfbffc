#include "data/cache.h"

#include <gmock/gmock.h>

#include <chrono>
#include <set>

#include "core/error.h"
#include "data/pack.h"
#include "tree_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Cache : public testing::Test {
 protected:
  void SetUp() override {
    write_tree(folder_ / "tree",
               {{"happy/a.png", png_of(1)}, {"sad/b.png", png_of(2)}});
    config_ = folder_config(folder_ / "tree");
    config_.cache = folder_ / "cache";
  }

  /// A set that the cache would not have by itself.
  ImageSet decode() {
    ++decoded_;
    DataConfig plain = config_;
    plain.cache.clear();
    return load_images(plain, true);
  }

  ImageSet load() {
    return cached(config_, [&] { return decode(); });
  }

  TemporaryFolder folder_;
  DataConfig config_;
  int decoded_ = 0;
};

TEST_F(Cache, DecodesOnceAndMapsAfterwards) {
  const ImageSet first = load(), second = load();
  EXPECT_EQ(decoded_, 1);
  EXPECT_EQ(second.fingerprint, first.fingerprint);
  EXPECT_EQ(second.ids, first.ids);
  EXPECT_THAT(first_bytes(second), ElementsAre(1, 2));
}

TEST_F(Cache, DecodesAgainWhenAFileIsAddedOrChanges) {
  load();
  write_file(folder_ / "tree" / "sad" / "c.png", png_of(3));
  EXPECT_EQ(load().size(), 3u);
  const auto path = folder_ / "tree" / "sad" / "c.png";
  const auto time = std::filesystem::last_write_time(path);
  write_file(path, png_of(4));
  std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
  EXPECT_THAT(first_bytes(load()), ElementsAre(1, 2, 4));
  EXPECT_EQ(decoded_, 3);
}

TEST_F(Cache, DecodesAgainWhenAnArchiveChanges) {
  config_.path = folder_ / "a.tar";
  write_archive(config_.path, {{"happy/a.png", png_of(1)}});
  load();
  write_archive(config_.path, {{"happy/a.png", png_of(9)}});
  EXPECT_THAT(first_bytes(load()), ElementsAre(9));
}

TEST_F(Cache, HasAKeyForEverySettingThatChangesTheImages) {
  std::vector<DataConfig> configs(6, config_);
  configs[1].classes = {"happy"};
  configs[2].relabel = {{"happy", "glad"}};
  configs[3].image_size = 9;
  configs[4].channels = 3;
  configs[5].on_bad_image = OnBadImage::kSkip;
  std::set<std::string> keys;
  for (const DataConfig& config : configs) keys.insert(cache_key(config));
  EXPECT_EQ(keys.size(), 6u);
  DataConfig other = config_;
  other.split.seed = 1;
  other.cache = "elsewhere";
  EXPECT_EQ(cache_key(other), cache_key(config_));
}

TEST_F(Cache, DecodesADamagedFileAgainAndSaysSo) {
  load();
  const auto path = cache_path(config_);
  std::string bytes = read_file(path);
  bytes.back() ^= 1;
  write_file(path, bytes);
  testing::internal::CaptureStderr();
  EXPECT_THAT(first_bytes(load()), ElementsAre(1, 2));
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("The cached data set is decoded again: [pack] expected "
                        "a whole packed file; got pixels or labels that do not "
                        "match their checksum"));
  EXPECT_EQ(decoded_, 2);
  EXPECT_EQ(read_pack(path).size(), 2u);
}

TEST_F(Cache, KeepsTheListOfBadImages) {
  write_file(folder_ / "tree" / "sad" / "bad.png", "text");
  config_.on_bad_image = OnBadImage::kSkip;
  load();
  const ImageSet images = load();
  EXPECT_EQ(decoded_, 1);
  ASSERT_EQ(images.bad.size(), 1u);
  EXPECT_EQ(images.bad[0].id, "sad/bad.png");
}

TEST_F(Cache, IsOffWithoutAFolder) {
  config_.cache.clear();
  load();
  load();
  EXPECT_EQ(decoded_, 2);
}

TEST_F(Cache, ServesLoadImages) {
  load_images(config_, true);
  EXPECT_TRUE(std::filesystem::exists(cache_path(config_)));
}

TEST_F(Cache, NamesALinkThatLeadsBackUp) {
  std::filesystem::create_directory_symlink(folder_ / "tree",
                                            folder_ / "tree" / "loop");
  EXPECT_THAT(load_error(config_),
              HasSubstr("expected at most 32 folders inside each other"));
}

TEST_F(Cache, NamesALinkToItself) {
  std::filesystem::create_symlink("s.png", folder_ / "tree" / "sad" / "s.png");
  EXPECT_THAT(load_error(config_),
              HasSubstr("got 'sad/s.png', which cannot be used"));
}

}  // namespace
}  // namespace fer
