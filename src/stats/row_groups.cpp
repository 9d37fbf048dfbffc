#include <numeric>
#include <string_view>
#include <unordered_map>

#include "core/error.h"
#include "stats/pairing.h"

namespace fer {
namespace {

/// Sets of numbers that are joined pair by pair.
class Sets {
 public:
  explicit Sets(size_t n) : parent_(n) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t find(size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(size_t a, size_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<size_t> parent_;
};

[[noreturn]] void fail_groups(const std::string& split, const Json& got) {
  fail<DataError>(
      "[row_groups] expected twin_groups.{} to be lists of ids; got {}. Write "
      "audit.json again with `ferbench data audit`.",
      split, json_text(got, -1).substr(0, 60));
}

// The lists of twins of one split; null where the audit has none.
const Json& twin_lists(const Json& audit, const std::string& split) {
  static const Json none;
  if (!audit.is_object()) return none;
  const auto groups = audit.find("twin_groups");
  if (groups == audit.end() || groups->is_null()) return none;
  if (!groups->is_object()) fail_groups(split, *groups);
  const auto lists = groups->find(split);
  return lists == groups->end() ? none : *lists;
}

using Numbers = std::unordered_map<std::string, size_t>;

// audit.json has U+FFFD for bytes of an id that are no UTF-8 (write_json).
std::string in_audit(const std::string& id) {
  return Json::parse(json_text(id, -1)).get<std::string>();
}

void join_twins(const Json& lists, const std::string& split,
                const Numbers& numbers, Sets& sets) {
  if (lists.is_null()) return;
  if (!lists.is_array()) fail_groups(split, lists);
  for (const Json& list : lists) {
    if (!list.is_array()) fail_groups(split, list);
    const size_t* first = nullptr;
    for (const Json& id : list) {
      if (!id.is_string()) fail_groups(split, list);
      const auto found = numbers.find(id.get_ref<const std::string&>());
      if (found == numbers.end()) continue;
      if (first == nullptr) first = &found->second;
      sets.join(found->second, *first);
    }
  }
}

}  // namespace

std::vector<int64_t> row_groups(const Predictions& predictions,
                                const Json& audit, const std::string& split) {
  Numbers numbers;
  for (const std::string& id : predictions.ids)
    numbers.emplace(id, numbers.size());
  Sets sets(numbers.size());
  Numbers shown;
  for (const auto& [id, number] : numbers) {
    // Ids that the audit cannot tell apart count as one.
    sets.join(number, shown.emplace(in_audit(id), number).first->second);
  }
  join_twins(twin_lists(audit, split), split, shown, sets);
  std::unordered_map<size_t, int64_t> names;
  std::vector<int64_t> groups;
  for (const std::string& id : predictions.ids) {
    const auto next = static_cast<int64_t>(names.size());
    groups.push_back(
        names.emplace(sets.find(numbers.at(id)), next).first->second);
  }
  return groups;
}

}  // namespace fer
