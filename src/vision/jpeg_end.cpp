#include "vision/jpeg_end.h"

#include <cstdint>

namespace fer {
namespace {

constexpr uint8_t kStartOfScan = 0xDA, kEndOfImage = 0xD9, kFill = 0xFF;

uint8_t at(std::span<const std::byte> bytes, size_t i) {
  return static_cast<uint8_t>(bytes[i]);
}

/// Offset of the first scan's marker, walking the segments before it (a
/// thumbnail inside one of them has an end marker of its own); 0: none.
size_t first_scan(std::span<const std::byte> bytes) {
  for (size_t i = 2; i + 3 < bytes.size();) {
    // What stands between two segments is passed over, as libjpeg does.
    if (at(bytes, i) != kFill || at(bytes, i + 1) == kFill ||
        at(bytes, i + 1) == 0) {
      ++i;
      continue;
    }
    if (at(bytes, i + 1) == kStartOfScan) return i;
    i += 2 + (at(bytes, i + 2) << 8 | at(bytes, i + 3));
  }
  return 0;
}

}  // namespace

bool is_truncated_jpeg(std::span<const std::byte> bytes) {
  const bool jpeg =
      bytes.size() >= 2 && at(bytes, 0) == kFill && at(bytes, 1) == 0xD8;
  if (!jpeg) return false;
  const size_t scan = first_scan(bytes);
  if (scan == 0) return true;
  for (size_t i = bytes.size() - 2; i > scan; --i) {
    if (at(bytes, i) == kFill && at(bytes, i + 1) == kEndOfImage) return false;
  }
  return true;
}

}  // namespace fer
