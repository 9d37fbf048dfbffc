#include "reproduce/rounding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/error.h"

namespace fer {
namespace {

Wide power_of_ten(int exponent) {
  Wide power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// Rounded down and up, for b > 0; numerators here are never negative.
Wide floor_div(Wide a, Wide b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }
Wide ceil_div(Wide a, Wide b) { return -floor_div(-a, b); }

int64_t clamp(Wide x, int64_t low, int64_t high) {
  return static_cast<int64_t>(std::clamp<Wide>(x, low, high));
}

[[noreturn]] void no_number(std::string_view text) {
  fail<DataError>(
      "[rounding] expected a number as printed, such as 0.94, 94.38% or 1,798, "
      "of at most 17 digits; got \"{}\".",
      text);
}

/// The 32-bit number whose digits these are: the share itself, or a hundredth
/// of what was printed (Python multiplies in 64 bits).
float float_of(const PrintedNumber& number) {
  const auto value = static_cast<float>(number.value());
  const double shown =
      number.percent ? static_cast<double>(value) * 100 : value;
  std::string digits = number.text;
  if (number.percent) digits.pop_back();
  double printed = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), printed);
  if (shown != printed || !(value > 0)) {
    fail<DataError>(
        "[rounding] expected all digits of a 32-bit number; got {}, where the "
        "nearest one prints as {}. Set printed: rounded.",
        number.text, shown);
  }
  return value;
}

/// Half-way to the two neighbours of a float m * 2^e, ties to the even m.
Bounds float_bounds(float value) {
  int exponent = 0;
  const float scaled = std::frexp(value, &exponent);
  const auto m = static_cast<int64_t>(std::ldexp(scaled, 24));
  const int shift = 24 - exponent + 2;  // value = 4 m / 2^shift
  if (shift < 0 || shift > 90) no_number("a 32-bit number out of range");
  const Wide denominator = static_cast<Wide>(1) << shift;
  const bool power = m == int64_t{1} << 23;  // below it numbers are closer
  const bool open = m % 2 != 0;
  return {{Wide{4} * m - (power ? 1 : 2), denominator},
          {Wide{4} * m + 2, denominator},
          open,
          open};
}

/// Whether the tie odd / unit, which stands half-way between two printed
/// numbers, is printed as the upper one; `even`: the upper one is even. fma
/// rounds once, so its sign is that of the exact difference.
bool prints_up(Wide odd, Wide unit, bool even) {
  const auto top = static_cast<double>(odd), bottom = static_cast<double>(unit);
  if (top > 0x1p53 || bottom > 0x1p53) return even;
  const double difference = std::fma(top / bottom, bottom, -top);
  return difference == 0 ? even : difference > 0;
}

/// Ties of what was printed, before a percentage is divided by 100.
Bounds printf_bounds(const PrintedNumber& number, Bounds bounds) {
  const Wide odd = Wide{2} * number.digits;
  const Wide unit = 2 * power_of_ten(number.decimals);
  const bool even = number.digits % 2 == 0;
  bounds.low_open = number.digits > 0 && !prints_up(odd - 1, unit, even);
  bounds.high_open = prints_up(odd + 1, unit, !even);
  return bounds;
}

}  // namespace

double Fraction::value() const {
  return static_cast<double>(static_cast<long double>(numerator) /
                             static_cast<long double>(denominator));
}

const char* rounding_name(Rounding rounding) {
  static constexpr std::array kNames = {"to nearest", "half up",
                                        "half even",  "as printf",
                                        "truncated",  "32-bit digits"};
  return kNames[static_cast<size_t>(rounding)];
}

double PrintedNumber::value() const {
  const int places = decimals + (percent ? 2 : 0);
  return Fraction{digits, power_of_ten(places)}.value();
}

PrintedNumber parse_printed(std::string_view text) {
  PrintedNumber number{std::string(text), 0, 0, text.ends_with('%')};
  std::string_view body = text.substr(0, text.size() - number.percent);
  const size_t point = body.find('.');
  size_t seen = 0;
  for (size_t i = 0; i < body.size(); ++i) {
    // Thousands only: "1,798", but not "0,94".
    const size_t whole = std::min(point, body.size());
    const bool separator =
        body[i] == ',' && i > 0 && i < whole && (whole - i) % 4 == 0;
    if (i == point || separator) continue;
    if (body[i] < '0' || body[i] > '9' || ++seen > 17) no_number(text);
    number.digits = 10 * number.digits + (body[i] - '0');
    if (i > point) ++number.decimals;
  }
  if (seen == 0 || point + 1 == body.size()) no_number(text);
  return number;
}

bool Bounds::contains(int64_t k, int64_t n) const {
  const Wide below = Wide{k} * low.denominator - low.numerator * n;
  const Wide above = high.numerator * n - Wide{k} * high.denominator;
  return (low_open ? below > 0 : below >= 0) &&
         (high_open ? above > 0 : above >= 0);
}

Bounds bounds_of(const PrintedNumber& number, Rounding rounding) {
  if (rounding == Rounding::kFloat32) return float_bounds(float_of(number));
  const Wide twice = Wide{2} * number.digits;
  const Wide unit =
      2 * power_of_ten(number.decimals + (number.percent ? 2 : 0));
  const bool odd = number.digits % 2 != 0;
  switch (rounding) {
    case Rounding::kHalfUp:
      return {{twice - 1, unit}, {twice + 1, unit}, false, true};
    case Rounding::kHalfEven:
      return {{twice - 1, unit}, {twice + 1, unit}, odd, odd};
    case Rounding::kPrintf:
      return printf_bounds(number, {{twice - 1, unit}, {twice + 1, unit}});
    case Rounding::kTruncated:
      return {{twice, unit}, {twice + 2, unit}, false, true};
    default:
      return {{twice - 1, unit}, {twice + 1, unit}, false, false};
  }
}

CountRange CountRange::operator&(const CountRange& other) const {
  return {std::max(low, other.low), std::min(high, other.high)};
}

CountRange counts_between(const Bounds& bounds, int64_t n) {
  const Wide a = bounds.low.numerator * n, b = bounds.low.denominator;
  const Wide c = bounds.high.numerator * n, d = bounds.high.denominator;
  const Wide low = bounds.low_open ? floor_div(a, b) + 1 : ceil_div(a, b);
  const Wide high = bounds.high_open ? ceil_div(c, d) - 1 : floor_div(c, d);
  return {clamp(low, 0, n + 1), clamp(high, -1, n)};
}

CountRange sizes_between(const Bounds& bounds, int64_t k, int64_t limit) {
  if (bounds.high.numerator <= 0) return {};
  // k / n <= high  <=>  n >= k / high; the low end in the same way.
  const Wide a = k * bounds.high.denominator, b = bounds.high.numerator;
  const Wide low = bounds.high_open ? floor_div(a, b) + 1 : ceil_div(a, b);
  Wide high = limit;
  if (bounds.low.numerator > 0) {
    const Wide c = k * bounds.low.denominator, d = bounds.low.numerator;
    high = bounds.low_open ? ceil_div(c, d) - 1 : floor_div(c, d);
  }
  return {clamp(low, k, limit + 1), clamp(high, -1, limit)};
}

}  // namespace fer
