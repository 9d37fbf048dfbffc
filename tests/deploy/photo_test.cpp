#include "deploy/photo.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <string_view>

#include "core/temporary_folder.h"
#include "tiny.h"

namespace fer {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::StartsWith;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string size_of(std::string_view text) {
  const auto header = read_photo_header(bytes_of(text));
  if (!header) return "none";
  return fmt::format("{} {}x{}", header->format, header->width, header->height);
}

std::string decode_error(std::string_view text,
                         const PhotoLimits& limits = {}) {
  return error_text([&] { decode_photo(bytes_of(text), limits); });
}

// Start, an APP0 segment with a frame inside (a thumbnail's), then the frame:
// length 17, 8 bits, height 0x0102, width 0x0304.
constexpr auto kJpeg =
    "\xFF\xD8\xFF\xE0\x00\x08\xFF\xC0\x00\x11\x08\x09"
    "\xFF\xFF\xC2\x00\x11\x08\x01\x02\x03\x04"sv;
constexpr auto kPng =
    "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR\x00\x01\x00\x00\x00\x02\x00\x01"sv;
constexpr auto kBmp =
    "BM........\x00\x00\x00\x00\x28\x00\x00\x00"
    "\x40\x01\x00\x00\x10\xFF\xFF\xFF"sv;
constexpr auto kOldBmp =
    "BM........\x00\x00\x00\x00\x0C\x00\x00\x00\x40\x01\x10\x00"sv;
constexpr auto kWebp =
    "RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9D\x01\x2A"
    "\x40\x41\x20\x80"sv;
// 14 bits of width - 1 = 0x013F, then 14 of height - 1 = 0x00EF.
constexpr auto kLossless =
    "RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2F\x3F\xC1\x3B\x00"sv;
constexpr auto kExtended =
    "RIFF\x00\x00\x00\x00WEBPVP8X\x0A\x00\x00\x00\x00\x00\x00\x00"
    "\x3F\x01\x00\xEF\x00\x00"sv;

// What stands first here is passed over by decoders, which then find another
// size than the one that it holds.
TEST(PhotoHeader, IsNoneWhereADecoderWouldFindAnotherSize) {
  for (const char marker : {'\x00', '\x01', '\xD0', '\xD7'}) {
    std::string text = "\xFF\xD8\xFF";
    text += marker;
    text += "\xFF\xE0\xFF\xFF" + std::string(65533, '\0');
    // FF E0, read as a length, leads here.
    text.replace(4 + 0xFFE0, 9, "\xFF\xC0\x00\x11\x08\x00\x10\x00\x10"sv);
    EXPECT_EQ(size_of(text), "none");
  }
  EXPECT_EQ(size_of("\x89PNG\r\n\x1A\n\x00\x00\x00\x08"
                    "aaAa\x00\x00\x00\x10\x00\x00\x00\x10...."sv),
            "none");
}

TEST(PhotoHeader, ReadsTheSizeOfEachFormat) {
  EXPECT_EQ(size_of(kJpeg), "JPEG 772x258");  // 0x0304, 0x0102
  EXPECT_EQ(size_of(kPng), "PNG 65536x131073");
  EXPECT_EQ(size_of(kBmp), "BMP 320x240");  // height -240: from the top
  EXPECT_EQ(size_of(kOldBmp), "BMP 320x16");
  EXPECT_EQ(size_of(kWebp), "WebP 320x32");  // two high bits are a scale
  EXPECT_EQ(size_of(kLossless), "WebP 320x240");
  EXPECT_EQ(size_of(kExtended), "WebP 320x240");
  EXPECT_EQ(size_of(png_of(two_halves(0, 9, 10))), "PNG 10x10");
}

TEST(PhotoHeader, IsNoneWhereItEndsTooEarly) {
  for (const auto whole :
       {kJpeg, kPng, kBmp, kOldBmp, kWebp, kLossless, kExtended})
    for (size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(size_of(whole.substr(0, size)), "none") << size;
  EXPECT_EQ(size_of("GIF89a..........................."), "none");
}

TEST(DecodePhoto, GivesRgb) {
  const std::string png = png_of({1, 1, 3, {250, 20, 10}});
  const Image image = decode_photo(bytes_of(png));
  EXPECT_EQ(image.channels, 3);
  EXPECT_THAT(image.pixels, testing::ElementsAre(250, 20, 10));
}

TEST(DecodePhoto, RefusesMorePixelsThanAllowedBeforeItDecodes) {
  // 8.6 thousand million pixels, in 24 bytes that hold none.
  EXPECT_EQ(decode_error(kPng),
            "[photo] expected 1 to 50000000 pixels; got 65536 x 131073 (PNG). "
            "Make the picture smaller.");
  // 2^32 - 1 on each side: their product would not fit.
  const std::string huge =
      std::string(kPng.substr(0, 16)) + std::string(8, '\xFF');
  EXPECT_THAT(decode_error(huge), HasSubstr("got 4294967295 x 4294967295"));
  EXPECT_THAT(
      decode_error(std::string(kPng.substr(0, 16)) + std::string(8, '\0')),
      HasSubstr("got 0 x 0 (PNG)"));
  PhotoLimits limits;
  limits.most_pixels = 99;
  EXPECT_THAT(decode_error(png_of(two_halves(0, 9, 10)), limits),
              HasSubstr("expected 1 to 99 pixels; got 10 x 10 (PNG)"));
}

TEST(DecodePhoto, RefusesWhatIsNoPicture) {
  EXPECT_EQ(decode_error(""), "[photo] expected a picture; got an empty file.");
  EXPECT_EQ(decode_error("<svg/>"),
            "[photo] expected a JPEG, PNG, BMP or WebP picture; got 6 bytes of "
            "something else, or cut off.");
  const std::string png = png_of(two_halves(0, 9, 64));
  EXPECT_THAT(decode_error(png.substr(0, png.size() / 2)),
              StartsWith("[vision] expected an image; got "));
  PhotoLimits limits;
  limits.largest_file = 5;
  EXPECT_EQ(decode_error("<svg/>", limits),
            "[photo] expected at most 5 bytes; got 6. Make the picture "
            "smaller.");
}

}  // namespace
}  // namespace fer
