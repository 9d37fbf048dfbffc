// config_schema(): JSON Schema 2020-12 of experiment files, for editors and
// independent validators.
#include "config/config.h"
#include "config/describe.h"

namespace fer {

using Kind = SettingInfo::Kind;

namespace {

Json number(double x) {
  return x == std::floor(x) && std::abs(x) < 1e15
             ? Json(static_cast<int64_t>(x))
             : Json(x);
}

void add_range(Json& schema, const Range& range) {
  if (std::isfinite(range.low)) {
    schema[range.low_open ? "exclusiveMinimum" : "minimum"] = number(range.low);
  }
  if (std::isfinite(range.high)) {
    schema[range.high_open ? "exclusiveMaximum" : "maximum"] =
        number(range.high);
  }
}

Json scalar_schema(Kind kind, const SettingInfo& info) {
  Json schema;
  switch (kind) {
    case Kind::kBool:
      schema["type"] = "boolean";
      break;
    case Kind::kInteger:
      schema["type"] = "integer";
      add_range(schema, info.range);
      break;
    case Kind::kNumber:
      schema["type"] = "number";
      add_range(schema, info.range);
      break;
    case Kind::kWord:
      schema["enum"] = info.words;
      break;
    default:
      schema["type"] = "string";
  }
  return schema;
}

Json setting_schema(const SettingInfo& info, const std::string& name);

Json section_schema(const SettingInfo& section, const std::string& prefix) {
  Json schema{{"type", "object"}, {"additionalProperties", false}};
  Json& properties = schema["properties"] = Json::object();
  for (const SettingInfo& info : section.children) {
    properties[info.name] = setting_schema(info, prefix + info.name);
  }
  return schema;
}

Json typed_schema(const SettingInfo& info, const std::string& name) {
  switch (info.kind) {
    case Kind::kSection:
      return section_schema(info, name + ".");
    case Kind::kList:
      return {{"type", "array"}, {"items", scalar_schema(info.element, info)}};
    case Kind::kMap:
      return {{"type", "object"},
              {"additionalProperties", scalar_schema(info.element, info)}};
    default:
      return scalar_schema(info.kind, info);
  }
}

Json setting_schema(const SettingInfo& info, const std::string& name) {
  Json schema{{"title", name}, {"description", info.help}};
  if (!info.unit.empty()) {
    schema["description"] = info.help + " (" + info.unit + ")";
  }
  // A section's defaults stand with its settings.
  if (info.kind != Kind::kSection || info.optional) {
    schema["default"] = info.value;
  }
  schema.update(typed_schema(info, name));
  if (info.optional) schema["type"] = Json::array({schema["type"], "null"});
  return schema;
}

Json extends_schema() {
  const Json path{{"type", "string"}, {"minLength", 1}};
  return {
      {"title", "extends"},
      {"description",
       "Files to build on, relative to this one; later wins, this file "
       "wins over all"},
      {"oneOf", Json::array({path, Json{{"type", "array"}, {"items", path}}})}};
}

}  // namespace

Json config_schema() {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "ferbench experiment"},
              {"description", "One experiment, or a piece that others extend"}};
  schema.update(section_schema(config_info(), ""));
  Json properties{{"extends", extends_schema()}};
  properties.update(schema["properties"]);
  schema["properties"] = properties;
  return schema;
}

}  // namespace fer
