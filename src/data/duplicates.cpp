#include "data/duplicates.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "core/parallel.h"

namespace fer {
namespace {

// Mixes eight bytes at a time (the constants of MurmurHash64A). Collisions cost
// a comparison, never correctness.
uint64_t content_hash(std::span<const uint8_t> bytes) {
  constexpr uint64_t kFactor = 0xC6A4A7935BD1E995u;
  uint64_t hash = bytes.size() * kFactor;
  for (size_t at = 0; at < bytes.size(); at += 8) {
    uint64_t block = 0;
    std::memcpy(&block, bytes.data() + at,
                std::min<size_t>(8, bytes.size() - at));
    block *= kFactor;
    block ^= block >> 47;
    hash = (hash ^ block * kFactor) * kFactor;
  }
  return hash ^ hash >> 47;
}

}  // namespace

std::vector<int64_t> first_copies(const ImageSet& images) {
  std::vector<uint64_t> hashes(images.size());
  parallel_for(
      images.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i)
          hashes[i] = content_hash(images.image(i));
      },
      4096);
  std::vector<int64_t> first(images.size());
  std::unordered_multimap<uint64_t, int64_t> seen;
  seen.reserve(images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    first[i] = static_cast<int64_t>(i);
    const auto [begin, end] = seen.equal_range(hashes[i]);
    const auto copy = std::find_if(begin, end, [&](const auto& entry) {
      const auto other = images.image(static_cast<size_t>(entry.second));
      return std::memcmp(images.image(i).data(), other.data(), other.size()) ==
             0;
    });
    if (copy != end)
      first[i] = copy->second;
    else
      seen.emplace(hashes[i], first[i]);
  }
  return first;
}

bool is_blank(const ImageSet& images, size_t i) {
  const auto image = images.image(i);
  return std::ranges::all_of(image,
                             [&](uint8_t value) { return value == image[0]; });
}

}  // namespace fer
