// The one description of a setting. Each section is a plain struct with a
// static fields(): a tuple of Field. Parsing, range checks, --print-config,
// `ferbench schema` and docs/config.md all walk that tuple; none of them names
// a struct.
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace fer {

/// Allowed numbers: low <= x <= high, the ends excluded where open.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  constexpr bool bounded() const {
    return std::isfinite(low) || std::isfinite(high);
  }
  constexpr bool contains(double x) const {
    return (low_open ? x > low : x >= low) &&
           (high_open ? x < high : x <= high);
  }
};

/// name: the key in YAML; help: one sentence without a full stop; unit:
/// "epochs", "pixels", ...
template <class Struct, class Member>
struct Field {
  const char* name;
  Member Struct::*member;
  const char* help;
  Range range{};
  const char* unit = "";

  constexpr Field at_least(double x) const {
    return with({x, range.high, false, range.high_open});
  }
  constexpr Field more_than(double x) const {
    return with({x, range.high, true, range.high_open});
  }
  constexpr Field at_most(double x) const {
    return with({range.low, x, range.low_open, false});
  }
  constexpr Field less_than(double x) const {
    return with({range.low, x, range.low_open, true});
  }
  constexpr Field in(double low, double high) const {
    return with({low, high, false, false});
  }
  constexpr Field in_unit(const char* text) const {
    Field copy = *this;
    copy.unit = text;
    return copy;
  }

 private:
  constexpr Field with(Range r) const {
    Field copy = *this;
    copy.range = r;
    return copy;
  }
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(const char* name, Member Struct::*member,
                                      const char* help) {
  return {name, member, help};
}

/// The words of an enum, in the order of its values: specialise next to the
/// enum as
///   template <> inline constexpr const char* kWords<Split>[] = {"official",
///   "random"};
template <class Enum>
inline constexpr const char* kWords[] = {nullptr};

/// The word of an enum value; the same in YAML, CSV and messages.
template <class Enum>
constexpr const char* word(Enum value) {
  return kWords<Enum>[static_cast<size_t>(value)];
}

/// A struct with fields().
template <class T>
concept Section = requires {
  T::fields();
};

/// An optional sub-section: absent or null in YAML means off, `{}` means on
/// with defaults.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// Member types that are allowed: bool, int, int64_t, double, std::string,
// std::filesystem::path (environment variables expanded), enums with words,
// std::vector of these, std::map<std::string, std::string|double>, Section,
// std::optional<Section> and std::optional of a scalar (null = not set).

}  // namespace fer
