// Between structs with fields() and JSON values: the only templates of the
// folder.
#pragma once

#include <algorithm>
#include <tuple>

#include "config/describe.h"
#include "config/sections.h"

namespace fer::bind {

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

template <Section T, class Visitor>
void for_each_field(Visitor visit) {
  std::apply([&](const auto&... fields) { (visit(fields), ...); }, T::fields());
}

/// Sections become objects, enums their words, absent optionals null.
template <class T>
Json to_json(const T& value) {
  if constexpr (Section<T>) {
    Json object = Json::object();
    for_each_field<T>(
        [&](const auto& f) { object[f.name] = to_json(value.*f.member); });
    return object;
  } else if constexpr (is_optional<T>) {
    return value ? to_json(*value) : Json(nullptr);
  } else if constexpr (is_vector<T>) {
    Json array = Json::array();
    for (const auto& item : value) array.push_back(to_json(item));
    return array;
  } else if constexpr (is_map<T>) {
    Json object = Json::object();
    for (const auto& [key, item] : value) object[key] = to_json(item);
    return object;
  } else if constexpr (std::is_enum_v<T>) {
    return word(value);
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return value.string();
  } else {
    return value;
  }
}

/// The reverse, for JSON whose types and words have been checked.
template <class T>
void from_json(const Json& json, T& value) {
  if constexpr (Section<T>) {
    for_each_field<T>(
        [&](const auto& f) { from_json(json.at(f.name), value.*f.member); });
  } else if constexpr (is_optional<T>) {
    value.reset();
    if (!json.is_null()) from_json(json, value.emplace());
  } else if constexpr (is_vector<T>) {
    value.clear();
    for (const Json& item : json) from_json(item, value.emplace_back());
  } else if constexpr (is_map<T>) {
    value.clear();
    for (const auto& [key, item] : json.items()) from_json(item, value[key]);
  } else if constexpr (std::is_enum_v<T>) {
    const auto found = std::ranges::find(kWords<T>, json.get<std::string>());
    value = static_cast<T>(found - std::begin(kWords<T>));
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    value = json.get<std::string>();
  } else {
    value = json.get<T>();
  }
}

template <class T>
constexpr SettingInfo::Kind kind_of() {
  using Kind = SettingInfo::Kind;
  if constexpr (is_optional<T>) return kind_of<typename T::value_type>();
  if constexpr (Section<T>) return Kind::kSection;
  if constexpr (is_vector<T>) return Kind::kList;
  if constexpr (is_map<T>) return Kind::kMap;
  if constexpr (std::is_enum_v<T>) return Kind::kWord;
  if constexpr (std::is_same_v<T, bool>) return Kind::kBool;
  if constexpr (std::is_integral_v<T>) return Kind::kInteger;
  if constexpr (std::is_floating_point_v<T>) return Kind::kNumber;
  if constexpr (std::is_same_v<T, std::filesystem::path>) return Kind::kPath;
  return Kind::kText;
}

template <Section T>
std::vector<SettingInfo> describe_fields();

/// What the type alone says: kind, words, children.
template <class T>
SettingInfo describe_type() {
  SettingInfo info;
  if constexpr (is_optional<T>) {
    info = describe_type<typename T::value_type>();
    info.optional = true;
  } else {
    info.kind = kind_of<T>();
    if constexpr (Section<T>) info.children = describe_fields<T>();
    if constexpr (is_vector<T>)
      info.element = kind_of<typename T::value_type>();
    if constexpr (is_map<T>) info.element = kind_of<typename T::mapped_type>();
    if constexpr (std::is_enum_v<T>) {
      info.words.assign(std::begin(kWords<T>), std::end(kWords<T>));
    }
    if constexpr (std::is_same_v<T, int>) {
      info.range = {std::numeric_limits<int>::min(),
                    std::numeric_limits<int>::max()};
    }
  }
  return info;
}

/// What both ranges allow.
inline Range narrower(const Range& type, const Range& own) {
  Range both = own;
  if (own.low < type.low) both.low = type.low, both.low_open = false;
  if (own.high > type.high) both.high = type.high, both.high_open = false;
  return both;
}

template <Section T>
std::vector<SettingInfo> describe_fields() {
  std::vector<SettingInfo> infos;
  const T defaults{};
  for_each_field<T>([&](const auto& f) {
    using Member = std::decay_t<decltype(defaults.*f.member)>;
    SettingInfo info = describe_type<Member>();
    info.name = f.name;
    info.help = f.help;
    info.unit = f.unit;
    info.range = narrower(info.range, f.range);
    info.value = to_json(defaults.*f.member);
    infos.push_back(std::move(info));
  });
  return infos;
}

}  // namespace fer::bind
