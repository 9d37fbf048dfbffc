#include "data/pack.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "data/fingerprint.h"
#include "image_builder.h"
#include "tree_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ImageSet sample() {
  ImageSet images = build_images({1, 0, 1}, {5, 6, 7}, {"happy", "sad"});
  images.usage = {Usage::kTraining, Usage::kPublicTest, Usage::kPrivateTest};
  images.bad = {{"train/sad/x.jpg", "a reason"}};
  images.fingerprint = image_fingerprint(images);
  return images;
}

class Pack : public testing::Test {
 protected:
  void SetUp() override { write_pack(path_, sample()); }

  std::string error() const {
    return error_text([&] { read_pack(path_); });
  }

  /// Changes the byte at `offset` from the start, or from the end if negative.
  void damage(std::ptrdiff_t offset) const {
    std::string bytes = read_file(path_);
    const auto size = static_cast<std::ptrdiff_t>(bytes.size());
    bytes[static_cast<size_t>(offset < 0 ? size + offset : offset)] ^= 1;
    write_file(path_, bytes);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "a.ferpack";
};

TEST_F(Pack, GivesBackEverythingThatWasWritten) {
  const ImageSet before = sample(), after = read_pack(path_);
  EXPECT_EQ(after.channels, before.channels);
  EXPECT_EQ(after.height, before.height);
  EXPECT_EQ(after.width, before.width);
  EXPECT_EQ(after.class_names, before.class_names);
  EXPECT_EQ(after.labels, before.labels);
  EXPECT_EQ(after.ids, before.ids);
  EXPECT_EQ(after.usage, before.usage);
  EXPECT_EQ(after.fingerprint, before.fingerprint);
  EXPECT_EQ(image_fingerprint(after), before.fingerprint);
  ASSERT_EQ(after.bad.size(), 1u);
  EXPECT_EQ(after.bad[0].id, "train/sad/x.jpg");
  EXPECT_EQ(after.bad[0].reason, "a reason");
}

TEST_F(Pack, LivesOnWhenItsFileIsReplaced) {
  const ImageSet images = read_pack(path_);
  write_pack(path_, build_images({0}, {1}, {"other"}));
  EXPECT_EQ(image_fingerprint(images), sample().fingerprint);
}

TEST_F(Pack, NoticesOneWrongBitAnywhere) {
  damage(-1);
  EXPECT_EQ(error(),
            fmt::format("[pack] expected a whole packed file; got pixels or "
                        "labels that do not match their checksum ({}). Make "
                        "it again.",
                        path_.string()));
  write_pack(path_, sample());
  damage(90);
  EXPECT_THAT(error(), HasSubstr("a header that does not match its checksum"));
  write_pack(path_, sample());
  damage(4096);
  EXPECT_THAT(error(), HasSubstr("do not match their checksum"));
}

TEST_F(Pack, NoticesThatItIsCutOff) {
  const auto size = std::filesystem::file_size(path_);
  std::filesystem::resize_file(path_, size - 1);
  EXPECT_THAT(error(),
              HasSubstr(fmt::format("got {} bytes where {} were written",
                                    size - 1, size)));
  std::filesystem::resize_file(path_, 100);
  EXPECT_THAT(error(), HasSubstr("got a cut-off header"));
}

TEST_F(Pack, SaysThatAFileIsNoPack) {
  for (const char* text : {"", "FERPACK",
                           "something that is longer than the "
                           "first eighty bytes of a packed file "
                           "would be, by a few"}) {
    write_file(path_, text);
    EXPECT_EQ(error(),
              fmt::format("[pack] expected a packed file; got something else "
                          "({}). Make one with `ferbench data prepare`.",
                          path_.string()));
  }
}

TEST_F(Pack, SaysThatTheVersionIsAnother) {
  damage(8);  // 1 becomes 0
  EXPECT_EQ(error(), fmt::format("[pack] expected version 1; got 0 ({}). Make "
                                 "it again with this program.",
                                 path_.string()));
}

TEST(Fingerprint, ChangesWithEverythingThatTrainingSees) {
  const ImageSet base = sample();
  std::vector<ImageSet> others(4, base);
  others[0].labels[0] = 0;
  others[1].ids[0] = "other";
  others[2].class_names[0] = "glad";
  std::swap(others[3].height, others[3].width);
  for (const ImageSet& other : others)
    EXPECT_NE(image_fingerprint(other), base.fingerprint);
  EXPECT_NE(
      image_fingerprint(build_images({1, 0, 1}, {5, 6, 8}, {"happy", "sad"})),
      base.fingerprint);
}

class PackedSource : public testing::Test {
 protected:
  void SetUp() override {
    write_archive(folder_ / "a.tar", {{"train/sad/a.png", png_of(1)},
                                      {"train/happy/b.png", png_of(2)},
                                      {"test/fear/c.png", png_of(3)}});
    DataConfig config = folder_config(folder_ / "a.tar");
    config.classes = {"sad", "happy", "fear"};
    write_pack(config_.path, load_images(config, true));
  }

  TemporaryFolder folder_;
  DataConfig config_ = [&] {
    DataConfig config = folder_config(folder_ / "a.ferpack");
    config.source = SourceKind::kPacked;
    return config;
  }();
};

TEST_F(PackedSource, KeepsTheOrderOfItsClasses) {
  const ImageSet images = load_images(config_, true);
  EXPECT_THAT(images.class_names, ElementsAre("sad", "happy", "fear"));
  EXPECT_THAT(images.labels, ElementsAre(0, 1, 2));
  config_.image_size = 16;
  const ImageSet larger = load_images(config_, true);
  EXPECT_EQ(larger.width, 16u);
  EXPECT_EQ(larger.class_names, images.class_names);
  EXPECT_EQ(larger.usage, images.usage);
}

TEST_F(PackedSource, SelectsAndRelabels) {
  config_.relabel = {{"fear", "afraid"}};
  config_.classes = {"afraid", "happy"};
  const ImageSet images = load_images(config_, true);
  EXPECT_THAT(images.ids, ElementsAre("train/happy/b.png", "test/fear/c.png"));
  EXPECT_THAT(images.labels, ElementsAre(1, 0));
  EXPECT_THAT(first_bytes(images), ElementsAre(2, 3));
}

TEST_F(PackedSource, ChangesGrayToRgb) {
  config_.channels = 3;
  const ImageSet images = load_images(config_, true);
  EXPECT_EQ(images.image(0).size(), 3u * 64);
  EXPECT_EQ(images.image(1)[191], 2);
}

TEST_F(Pack, RefusesVotesThatItCannotHold) {
  ImageSet soft = sample();
  soft.targets.assign(6, 0.5f);
  EXPECT_THAT(error_text([&] { write_pack(path_, soft); }),
              testing::HasSubstr("got votes, which a packed file cannot hold"));
  EXPECT_EQ(read_pack(path_).size(), sample().size());
}

}  // namespace
}  // namespace fer
