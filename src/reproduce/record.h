// YAML records outside an experiment file, described by the same fields() as
// the settings: keys, types and ranges are checked, and every fault carries
// file:line:col.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "config/bind.h"
#include "config/tree.h"

namespace fer {

/// The fields of `node` as JSON, ready for bind::from_json; faults leave the
/// default in place. `required` must be there; `others` are keys that the
/// caller reads itself. Members may be scalars and lists of scalars.
Json read_fields(const YamlNode& node, const std::vector<SettingInfo>& fields,
                 const std::string& what,
                 std::initializer_list<const char*> required,
                 std::initializer_list<const char*> others, Faults& faults);

/// `what` names the record in messages: "claims[3]".
template <Section T>
T read_record(const YamlNode& node, const std::string& what,
              std::initializer_list<const char*> required,
              std::initializer_list<const char*> others, Faults& faults) {
  T record;
  bind::from_json(read_fields(node, bind::describe_fields<T>(), what, required,
                              others, faults),
                  record);
  return record;
}

/// The list under `key` of a map, empty when it is missing; another kind of
/// value is a fault.
const std::vector<YamlNode>& read_items(const YamlNode& map, const char* key,
                                        Faults& faults);

/// The map under `key`, in the same way.
const std::vector<YamlEntry>& read_entries(const YamlNode& map, const char* key,
                                           Faults& faults);

}  // namespace fer
