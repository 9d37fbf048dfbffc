#include "deploy/photo.h"

#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/error.h"

namespace fer {
namespace {

/// Bytes with an end that is checked: what lies behind it reads as 0 and makes
/// `whole` false.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  int64_t byte(size_t i) {
    if (i < bytes_.size()) return static_cast<int64_t>(bytes_[i]);
    whole = false;
    return 0;
  }
  int64_t big(size_t i, int n) {
    int64_t value = 0;
    for (int k = 0; k < n; ++k) value = value << 8 | byte(i + k);
    return value;
  }
  int64_t little(size_t i, int n) {
    int64_t value = 0;
    for (int k = n; k-- > 0;) value = value << 8 | byte(i + k);
    return value;
  }
  bool is(size_t i, std::string_view text) const {
    return bytes_.size() >= i + text.size() &&
           std::memcmp(bytes_.data() + i, text.data(), text.size()) == 0;
  }

  bool whole = true;

 private:
  std::span<const std::byte> bytes_;
};

// Start-of-frame markers carry the size; C4, C8 and CC are no such markers.
bool is_frame(int64_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
         marker != 0xCC;
}

PhotoHeader jpeg(Reader& in) {
  PhotoHeader header{"JPEG", 0, 0};
  for (size_t i = 2; in.whole;) {
    if (in.byte(i) != 0xFF) break;
    const int64_t marker = in.byte(i + 1);
    if (marker == 0xFF) {  // filling
      ++i;
      continue;
    }
    // These carry no length: a decoder passes over them and would find another
    // frame than this loop. No camera writes them in front of one.
    if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD9)) break;
    if (is_frame(marker)) {
      header.height = in.big(i + 5, 2);
      header.width = in.big(i + 7, 2);
      return header;
    }
    i += 2 + static_cast<size_t>(in.big(i + 2, 2));
  }
  in.whole = false;
  return header;
}

PhotoHeader png(Reader& in) {
  // A decoder may take a chunk that it does not know in front of this one.
  if (!in.is(12, "IHDR")) in.whole = false;
  return {"PNG", in.big(16, 4), in.big(20, 4)};
}

PhotoHeader bmp(Reader& in) {
  constexpr int kOldHeader = 12;
  if (in.little(14, 4) == kOldHeader)
    return {"BMP", in.little(18, 2), in.little(20, 2)};
  // Negative heights: rows from top to bottom.
  const auto side = [&in](size_t at) {
    return std::abs(static_cast<int64_t>(
        static_cast<int32_t>(static_cast<uint32_t>(in.little(at, 4)))));
  };
  return {"BMP", side(18), side(22)};
}

PhotoHeader webp(Reader& in) {
  constexpr int64_t k14Bits = 0x3FFF;
  if (in.is(12, "VP8X"))
    return {"WebP", in.little(24, 3) + 1, in.little(27, 3) + 1};
  if (in.is(12, "VP8L")) {
    const int64_t bits = in.little(21, 4);
    return {"WebP", (bits & k14Bits) + 1, (bits >> 14 & k14Bits) + 1};
  }
  return {"WebP", in.little(26, 2) & k14Bits, in.little(28, 2) & k14Bits};
}

}  // namespace

std::optional<PhotoHeader> read_photo_header(std::span<const std::byte> bytes) {
  Reader in(bytes);
  std::optional<PhotoHeader> header;
  if (in.is(0, "\xFF\xD8"))
    header = jpeg(in);
  else if (in.is(0, "\x89PNG\r\n\x1A\n"))
    header = png(in);
  else if (in.is(0, "BM"))
    header = bmp(in);
  else if (in.is(0, "RIFF") && in.is(8, "WEBPVP8"))
    header = webp(in);
  if (!in.whole) return std::nullopt;
  return header;
}

Image decode_photo(std::span<const std::byte> bytes,
                   const PhotoLimits& limits) {
  if (bytes.empty())
    fail<DataError>("[photo] expected a picture; got an empty file.");
  if (bytes.size() > limits.largest_file) {
    fail<DataError>(
        "[photo] expected at most {} bytes; got {}. Make the picture smaller.",
        limits.largest_file, bytes.size());
  }
  const auto header = read_photo_header(bytes);
  if (!header) {
    fail<DataError>(
        "[photo] expected a JPEG, PNG, BMP or WebP picture; got {} bytes of "
        "something else, or cut off.",
        bytes.size());
  }
  // Divided, not multiplied: the sides may be as large as 2^32.
  const auto [format, width, height] = *header;
  if (width < 1 || height < 1 || width > limits.most_pixels / height) {
    fail<DataError>(
        "[photo] expected 1 to {} pixels; got {} x {} ({}). Make the picture "
        "smaller.",
        limits.most_pixels, width, height, format);
  }
  return decode_image(bytes, 3);
}

}  // namespace fer
