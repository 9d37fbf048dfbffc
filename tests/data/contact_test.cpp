#include "data/contact.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "image_builder.h"
#include "tree_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;

TEST(PictureOf, InterleavesPlanes) {
  ImageSet images = build_images({0, 0, 0}, {1, 2, 3}, {"happy"});
  const std::vector<uint8_t> planes = {1, 2, 10, 20, 100, 200};
  images.channels = 3;
  images.height = 1;
  images.width = 2;
  images.pixels = planes.data();
  EXPECT_THAT(picture_of(images, 0).pixels,
              ElementsAre(1, 10, 100, 2, 20, 200));
}

TEST(ContactSheet, IsAPngWithATileForEachRow) {
  const TemporaryFolder folder;
  const ImageSet images = build_images({0, 1, 0}, {1, 2, 3}, {"happy", "sad"});
  const std::vector<int64_t> rows = {2, 0};
  write_contact_sheet(folder / "a.png", images, rows);
  const std::string bytes = read_file(folder / "a.png");
  const Image sheet = decode_image(std::as_bytes(std::span(bytes)), 3);
  EXPECT_EQ(sheet.width, 2 * (112 + 6) + 6);
  const std::vector<std::string> captions = {"left", "right"};
  write_contact_sheet(folder / "b.png", images, rows, captions, 1);
  const std::string tall = read_file(folder / "b.png");
  EXPECT_EQ(decode_image(std::as_bytes(std::span(tall)), 3).width, 112 + 12);
}

TEST(ContactSheet, WantsACaptionForEachRow) {
  const ImageSet images = build_images({0}, {1}, {"happy"});
  const std::vector<int64_t> rows = {0};
  const std::vector<std::string> captions = {"a", "b"};
  EXPECT_EQ(
      error_text([&] { write_contact_sheet("x.png", images, rows, captions); }),
      "[contact sheet] expected 1 captions; got 2.");
}

}  // namespace
}  // namespace fer
