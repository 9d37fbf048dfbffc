// Saved states of callbacks: JSON has no NaN and no infinity, and a damaged
// checkpoint must be named, not guessed at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"

namespace fer {

/// A number, or "nan", "inf", "-inf"; null for nothing.
Json number_to_state(double value);
Json number_to_state(std::optional<double> value);

/// The inverse; `where` and `key` are for the DataError.
double number_from_state(const Json& value, std::string_view where,
                         std::string_view key);

/// Typed access to the state of one callback. A missing or ill-typed entry is
/// a DataError that names the callback and the key.
class StateReader {
 public:
  /// `state` must outlive the reader.
  StateReader(std::string owner, const Json& state);

  int integer(std::string_view key) const;  ///< not negative
  bool flag(std::string_view key) const;
  std::string text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  const Json& array(std::string_view key) const;

 private:
  const Json& get(std::string_view key) const;

  std::string owner_;
  const Json& state_;
};

}  // namespace fer
