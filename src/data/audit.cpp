#include "data/audit.h"

#include <algorithm>
#include <map>
#include <set>

namespace fer {
namespace {

constexpr const char* kSplits[] = {"train", "val", "test"};

// What the members of one group have in common; `size` 0: no first member.
struct Group {
  int64_t size = 0;
  bool conflict = false;
};

std::vector<Group> make_groups(const ImageSet& images,
                               const std::vector<int64_t>& first) {
  std::vector<Group> groups(images.size());
  for (size_t i = 0; i < images.size(); ++i) {
    Group& group = groups[static_cast<size_t>(first[i])];
    ++group.size;
    if (images.labels[i] != images.labels[static_cast<size_t>(first[i])])
      group.conflict = true;
  }
  return groups;
}

struct GroupCounts {
  int64_t redundant = 0, groups = 0, conflicts = 0, conflict_images = 0,
          largest = 0;
};

GroupCounts count_groups(const std::vector<Group>& groups) {
  GroupCounts counts;
  for (const Group& group : groups) {
    counts.largest = std::max(counts.largest, group.size);
    if (group.size < 2) continue;
    counts.redundant += group.size - 1;
    ++counts.groups;
    counts.conflicts += group.conflict;
    if (group.conflict) counts.conflict_images += group.size;
  }
  return counts;
}

void add_twins(const ImageSet& images, const Twins& twins, Json& audit) {
  const GroupCounts counts = count_groups(make_groups(images, twins.group));
  std::set<int64_t> near;
  for (const TwinPair& pair : twins.near) near.insert({pair.a, pair.b});
  const auto add = [&](const char* key, int64_t value) {
    audit[key] = twins.searched ? Json(value) : Json(nullptr);
  };
  add("near_twin_pairs", static_cast<int64_t>(twins.near.size()));
  add("near_twin_images", static_cast<int64_t>(near.size()));
  add("twin_redundant", counts.redundant);
  add("twin_largest_group", counts.largest);
  add("twin_conflict_groups", counts.conflicts);
  add("twin_conflict_images", counts.conflict_images);
}

std::vector<int64_t> count_classes(const ImageSet& images,
                                   const std::vector<int64_t>& rows) {
  std::vector<int64_t> counts(images.class_names.size());
  for (const int64_t row : rows)
    ++counts[static_cast<size_t>(images.labels[static_cast<size_t>(row)])];
  return counts;
}

void add_classes(const ImageSet& images, const Split& split, Json& audit) {
  for (const char* name : kSplits) {
    const auto counts = count_classes(images, split.rows(name));
    Json& json = audit["class_counts"][name] = Json::object();
    for (size_t c = 0; c < counts.size(); ++c)
      json[images.class_names[c]] = counts[c];
    const auto [least, most] = std::ranges::minmax_element(counts);
    audit["class_balance"][name] =
        counts.empty() || *most == 0
            ? Json(nullptr)
            : Json(static_cast<double>(*least) / static_cast<double>(*most));
  }
}

// Rows of `to` whose photograph also stands in `from`.
Json leak(const std::vector<int64_t>& from, const std::vector<int64_t>& to,
          const Twins& twins) {
  std::vector<bool> copy(twins.first.size()), twin(twins.first.size());
  for (const int64_t row : from) {
    const auto i = static_cast<size_t>(row);
    copy[static_cast<size_t>(twins.first[i])] = true;
    twin[static_cast<size_t>(twins.group[i])] = true;
  }
  int64_t exact = 0, near = 0;
  for (const int64_t row : to) {
    const auto i = static_cast<size_t>(row);
    if (twins.blank[i]) continue;
    if (copy[static_cast<size_t>(twins.first[i])])
      ++exact;
    else
      near += twin[static_cast<size_t>(twins.group[i])];
  }
  const auto all = static_cast<double>(std::max<size_t>(1, to.size()));
  return {{"exact", exact},
          {"near", twins.searched ? Json(near) : Json(nullptr)},
          {"rows", to.size()},
          {"share", static_cast<double>(exact + near) / all}};
}

Json groups_within(const ImageSet& images, const std::vector<int64_t>& rows,
                   const Twins& twins) {
  std::map<int64_t, std::set<int64_t>> groups;
  for (const int64_t row : rows)
    groups[twins.group[static_cast<size_t>(row)]].insert(row);
  Json list = Json::array();
  for (const auto& [group, members] : groups) {
    if (members.size() < 2) continue;
    Json ids = Json::array();
    for (const int64_t row : members)
      ids.push_back(images.ids[static_cast<size_t>(row)]);
    list.push_back(std::move(ids));
  }
  return list;
}

}  // namespace

Json audit_images(const ImageSet& images, const Split& split,
                  const Twins& twins) {
  const GroupCounts exact = count_groups(make_groups(images, twins.first));
  Json audit;
  audit["images"] = images.size();
  audit["fingerprint"] = images.fingerprint;
  audit["exact_duplicates"] = exact.redundant;
  audit["duplicate_groups"] = exact.groups;
  audit["conflict_groups"] = exact.conflicts;
  audit["conflict_images"] = exact.conflict_images;
  audit["blank_images"] = std::ranges::count(twins.blank, true);
  audit["bad_images"] = Json::array();
  for (const BadImage& bad : images.bad)
    audit["bad_images"].push_back({{"id", bad.id}, {"reason", bad.reason}});
  add_twins(images, twins, audit);
  add_classes(images, split, audit);
  Json& cross = audit["cross_split"];
  cross["train-test"] = leak(split.train, split.test, twins);
  cross["train-val"] = leak(split.train, split.val, twins);
  cross["val-test"] = leak(split.val, split.test, twins);
  for (const char* name : {"val", "test"})
    audit["twin_groups"][name] = groups_within(images, split.rows(name), twins);
  audit["drift"] = drift_of(images, split);
  return audit;
}

Json audit_images(const ImageSet& images, const Split& split) {
  return audit_images(images, split, exact_twins(images));
}

}  // namespace fer
