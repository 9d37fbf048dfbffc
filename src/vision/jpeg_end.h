// libjpeg paints the missing part of a cut-off file gray and goes on; this
// check finds such files first.
#pragma once

#include <cstddef>
#include <span>

namespace fer {

/// Whether `bytes` start as a JPEG file but hold no end-of-image marker after
/// the start of the first scan. False for every other format.
bool is_truncated_jpeg(std::span<const std::byte> bytes);

}  // namespace fer
