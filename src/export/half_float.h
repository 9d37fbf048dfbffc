// Half precision numbers (IEEE 754 binary16) as bits.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace fer {

inline constexpr double kLargestHalf = 65504;

/// The nearest half, ties to even; infinity from 65520 on.
inline uint16_t to_half_bits(double value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return sign | 0x7e00;
  const double size = std::fabs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Halves are multiples of 2^(e - 10), and of 2^-24 below 2^-14.
  const int e = size < 0x1p-14 ? -14 : std::ilogb(size);
  const auto steps =
      static_cast<uint32_t>(std::nearbyint(std::ldexp(size, 10 - e)));
  // Steps hold the hidden bit (1024) where the number is normal, so that adding
  // carries into the exponent.
  return static_cast<uint16_t>(sign + ((e + 14) << 10) + steps);
}

inline double from_half(uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  const double sign = bits & 0x8000 ? -1 : 1;
  if (exponent == 31) return fraction ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 1024, exponent - 25);
}

}  // namespace fer
