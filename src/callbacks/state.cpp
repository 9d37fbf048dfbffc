#include "callbacks/state.h"

#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace {

constexpr const char* kWayOut =
    "The checkpoint is damaged or of another version: start a new run";

[[noreturn]] void fail_type(std::string_view where, std::string_view key,
                            const char* expected, const Json& got) {
  fail<DataError>("[{}] expected {} as '{}' in the saved state; got {}. {}.",
                  where, expected, key, got.dump(), kWayOut);
}

}  // namespace

Json number_to_state(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

Json number_to_state(std::optional<double> value) {
  return value ? number_to_state(*value) : Json(nullptr);
}

double number_from_state(const Json& value, std::string_view where,
                         std::string_view key) {
  using Limits = std::numeric_limits<double>;
  if (value.is_number()) return value.get<double>();
  if (value == "nan") return Limits::quiet_NaN();
  if (value == "inf") return Limits::infinity();
  if (value == "-inf") return -Limits::infinity();
  fail_type(where, key, "a number", value);
}

StateReader::StateReader(std::string owner, const Json& state)
    : owner_(std::move(owner)), state_(state) {
  if (!state.is_object()) {
    fail<DataError>("[{}] expected an object as the saved state; got {}. {}.",
                    owner_, state.dump(), kWayOut);
  }
}

const Json& StateReader::get(std::string_view key) const {
  const auto found = state_.find(std::string(key));
  if (found == state_.end()) {
    fail<DataError>("[{}] expected '{}' in the saved state; got none. {}.",
                    owner_, key, kWayOut);
  }
  return *found;
}

int StateReader::integer(std::string_view key) const {
  const Json& value = get(key);
  constexpr int64_t kLargest = std::numeric_limits<int>::max();
  if (!value.is_number_integer() || value.get<int64_t>() < 0 ||
      value.get<int64_t>() > kLargest) {
    fail_type(owner_, key, "a count", value);
  }
  return value.get<int>();
}

bool StateReader::flag(std::string_view key) const {
  const Json& value = get(key);
  if (!value.is_boolean()) fail_type(owner_, key, "true or false", value);
  return value.get<bool>();
}

std::string StateReader::text(std::string_view key) const {
  const Json& value = get(key);
  if (!value.is_string()) fail_type(owner_, key, "a text", value);
  return value.get<std::string>();
}

std::optional<double> StateReader::number(std::string_view key) const {
  const Json& value = get(key);
  if (value.is_null()) return std::nullopt;
  return number_from_state(value, owner_, key);
}

const Json& StateReader::array(std::string_view key) const {
  const Json& value = get(key);
  if (!value.is_array()) fail_type(owner_, key, "a list", value);
  return value;
}

}  // namespace fer
