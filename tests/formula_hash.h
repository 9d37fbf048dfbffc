// The hash of tests/reference/fill.py: numbers without a random generator that
// C++ and Python repeat exactly.
#pragma once

#include <cstdint>

namespace fer {

/// The hash of element i in tensor t.
inline uint32_t formula_hash(uint32_t i, uint32_t t) {
  uint32_t h = i * 2654435761u + t * 40503u + 12345u;
  h ^= h >> 16;
  h *= 2246822519u;
  return h ^ (h >> 13);
}

}  // namespace fer
