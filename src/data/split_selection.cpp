#include "data/split_selection.h"

#include <algorithm>

namespace fer {
namespace {

size_t index(int64_t row) { return static_cast<size_t>(row); }

// For each group number whether its rows carry two labels.
std::vector<bool> conflicting(const ImageSet& images, const Rows& rows,
                              const Rows& group) {
  std::vector<bool> conflict(images.size());
  Rows label(images.size(), -1);
  for (const int64_t row : rows) {
    const size_t g = index(group[index(row)]);
    if (label[g] < 0) label[g] = label_of(images, row);
    if (label[g] != label_of(images, row)) conflict[g] = true;
  }
  return conflict;
}

Rows drop_copies(const ImageSet& images, const Rows& rows, const Rows& first,
                 bool official) {
  const auto conflict = conflicting(images, rows, first);
  const auto rank = [&](int64_t row) {
    return official ? images.usage[index(row)] : Usage::kNone;
  };
  Rows best(images.size(), -1);
  for (const int64_t row : rows) {
    int64_t& kept = best[index(first[index(row)])];
    if (kept < 0 || rank(row) > rank(kept)) kept = row;
  }
  Rows left;
  for (const int64_t row : rows) {
    const size_t g = index(first[index(row)]);
    if (best[g] == row && !conflict[g]) left.push_back(row);
  }
  return left;
}

void drop_blanks_and_conflicts(const ImageSet& images, const Twins& twins,
                               Rows& rows) {
  const auto conflict = conflicting(images, rows, twins.group);
  std::erase_if(rows, [&](int64_t row) {
    return twins.blank[index(row)] || conflict[index(twins.group[index(row)])];
  });
}

}  // namespace

Rows select_rows(const ImageSet& images, const SplitConfig& config,
                 const Twins& twins, const std::vector<bool>& kept) {
  Rows rows = count_rows(images.size());
  if (!kept.empty())
    std::erase_if(rows, [&](int64_t row) { return !kept[index(row)]; });
  const Protocol protocol = config.protocol;
  if (protocol == Protocol::kClean || protocol == Protocol::kKfold)
    drop_blanks_and_conflicts(images, twins, rows);
  if (config.drop_duplicates) {
    const bool official = protocol == Protocol::kOfficial ||
                          protocol == Protocol::kOfficialClean ||
                          protocol == Protocol::kFolders;
    rows = drop_copies(images, rows, twins.first, official);
  }
  return rows;
}

}  // namespace fer
