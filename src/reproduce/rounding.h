// What a printed number says: the exact set of true values that print so. All
// ends are fractions of integers, so that no check can err by a last digit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fer {

__extension__ typedef __int128 Wide;  // products of counts and 10^15

/// numerator / denominator; the denominator is positive.
struct Fraction {
  Wide numerator = 0;
  Wide denominator = 1;

  double value() const;
};

/// How a true value became the printed one.
enum class Rounding {
  kNearest,    ///< to the nearest, a tie to either side: covers the next three
  kHalfUp,     ///< ties away from zero, as on paper
  kHalfEven,   ///< ties to the even digit, as IEEE 754 and Python's round
  kPrintf,     ///< what C and Python print: a tie goes where its double lies
  kTruncated,  ///< further digits cut off
  kFloat32,    ///< not rounded: all digits of a 32-bit number, as Keras prints
};
const char* rounding_name(Rounding rounding);  ///< "half up"

/// The rules that one program applies to all its numbers. What none of them
/// allows is impossible.
inline constexpr Rounding kRoundingRules[] = {
    Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kPrintf,
    Rounding::kTruncated};

/// A number as it stands in a source: "0.94", "94.38%", "2,440,929".
struct PrintedNumber {
  std::string text;
  int64_t digits = 0;  ///< without the point: 94 for "0.94"
  int decimals = 0;
  bool percent = false;

  /// As a share: 0.9438 for "94.38%".
  double value() const;
};

/// DataError for what is no decimal number of at most 17 digits: also for
/// "nan", "1e-3" and negative ones, which no table of scores holds.
PrintedNumber parse_printed(std::string_view text);

/// low <= x <= high, an open end excluded.
struct Bounds {
  Fraction low, high;
  bool low_open = false, high_open = false;

  /// Whether k / n lies inside; n >= 1.
  bool contains(int64_t k, int64_t n) const;
};

/// The true values (of the share, for a percentage) that `number` stands for.
/// DataError under kFloat32 when the digits are not those of a 32-bit number.
Bounds bounds_of(const PrintedNumber& number, Rounding rounding);

/// Integers low..high; none when high < low.
struct CountRange {
  int64_t low = 0;
  int64_t high = -1;

  bool empty() const { return high < low; }
  int64_t count() const { return empty() ? 0 : high - low + 1; }
  CountRange operator&(const CountRange& other) const;
};

/// All k in [0, n] with k / n inside; n >= 1.
CountRange counts_between(const Bounds& bounds, int64_t n);

/// All n in [k, limit] with k / n inside; k >= 1.
CountRange sizes_between(const Bounds& bounds, int64_t k, int64_t limit);

}  // namespace fer
