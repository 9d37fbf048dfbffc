#include "data/audit.h"

#include "data/duplicates.h"

namespace fer {
namespace {

// What the copies of one image have in common; `size` 0: not a first copy.
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

void count_groups(const std::vector<Group>& groups, Json& audit) {
  int64_t redundant = 0, many = 0, conflicts = 0, conflict_images = 0;
  for (const Group& group : groups) {
    if (group.size < 2) continue;
    redundant += group.size - 1;
    ++many;
    conflicts += group.conflict;
    if (group.conflict) conflict_images += group.size;
  }
  audit["exact_duplicates"] = redundant;
  audit["duplicate_groups"] = many;
  audit["conflict_groups"] = conflicts;
  audit["conflict_images"] = conflict_images;
}

Json class_counts(const ImageSet& images, const std::vector<int64_t>& rows) {
  std::vector<int64_t> counts(images.class_names.size());
  for (const int64_t row : rows)
    ++counts[static_cast<size_t>(images.labels[static_cast<size_t>(row)])];
  Json json = Json::object();
  for (size_t c = 0; c < counts.size(); ++c)
    json[images.class_names[c]] = counts[c];
  return json;
}

// Rows of `to` whose picture also stands in `from`.
Json leak(const std::vector<int64_t>& from, const std::vector<int64_t>& to,
          const std::vector<int64_t>& first, const std::vector<bool>& blank) {
  std::vector<bool> seen(first.size());
  for (const int64_t row : from)
    seen[static_cast<size_t>(first[static_cast<size_t>(row)])] = true;
  int64_t n = 0;
  for (const int64_t row : to) {
    const auto group = static_cast<size_t>(first[static_cast<size_t>(row)]);
    n += seen[group] && !blank[group];
  }
  const auto all = static_cast<double>(to.size());
  return {{"exact", n},
          {"share", to.empty() ? 0.0 : static_cast<double>(n) / all}};
}

}  // namespace

Json audit_images(const ImageSet& images, const Split& split) {
  const auto first = first_copies(images);
  std::vector<bool> blank(images.size());
  int64_t n_blank = 0;
  for (size_t i = 0; i < images.size(); ++i) {
    blank[i] = is_blank(images, i);
    n_blank += blank[i];
  }
  Json audit;
  audit["images"] = images.size();
  count_groups(make_groups(images, first), audit);
  audit["blank_images"] = n_blank;
  audit["bad_images"] = Json::array();
  for (const BadImage& bad : images.bad)
    audit["bad_images"].push_back({{"id", bad.id}, {"reason", bad.reason}});
  audit["near_twin_pairs"] = nullptr;
  for (const char* name : {"train", "val", "test"})
    audit["class_counts"][name] = class_counts(images, split.rows(name));
  Json& cross = audit["cross_split"];
  cross["train-test"] = leak(split.train, split.test, first, blank);
  cross["train-val"] = leak(split.train, split.val, first, blank);
  cross["val-test"] = leak(split.val, split.test, first, blank);
  return audit;
}

}  // namespace fer
