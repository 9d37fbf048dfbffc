#include "vision/jpeg_end.h"

#include <gtest/gtest.h>

#include <string_view>

namespace fer {
namespace {

using namespace std::string_view_literals;

bool truncated(std::string_view text) {
  return is_truncated_jpeg(std::as_bytes(std::span(text)));
}

// FFD8 start, FFE0 segment of 4 bytes, FFDA scan of 2 bytes, data, FFD9 end.
constexpr auto kHead = "\xFF\xD8\xFF\xE0\x00\x04\xFF\xD9"sv;
constexpr auto kScan = "\xFF\xDA\x00\x02 data"sv;

TEST(TruncatedJpeg, IsOneWithoutAnEndMarkerAfterItsScan) {
  const std::string cut = std::string(kHead) + std::string(kScan);
  EXPECT_TRUE(truncated(cut));  // the end marker in the segment does not count
  EXPECT_FALSE(truncated(cut + "\xFF\xD9"));
  EXPECT_FALSE(truncated(cut + "\xFF\xD9 bytes after the end"));
}

TEST(TruncatedJpeg, IsOneThatEndsBeforeItsScan) {
  EXPECT_TRUE(truncated(kHead));
  EXPECT_TRUE(truncated("\xFF\xD8"sv));
  EXPECT_TRUE(truncated("\xFF\xD8\xFF\xFF\xFF"sv));
}

TEST(TruncatedJpeg, IsNoneForBytesBetweenItsSegments) {
  const std::string cut =
      std::string(kHead) + std::string(3, '\0') + std::string(kScan);
  EXPECT_TRUE(truncated(cut));
  EXPECT_FALSE(truncated(cut + "\xFF\xD9"));
}

TEST(TruncatedJpeg, IsNoOtherFormat) {
  EXPECT_FALSE(truncated(""sv));
  EXPECT_FALSE(truncated("\x89PNG"sv));
}

}  // namespace
}  // namespace fer
