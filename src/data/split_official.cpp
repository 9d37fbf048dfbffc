#include "data/split_official.h"

#include <algorithm>

#include "core/error.h"
#include "data/deal.h"

namespace fer {
namespace {

Split parts_of_source(const ImageSet& images, const Rows& rows) {
  Split split;
  for (const int64_t row : rows) {
    switch (images.usage[static_cast<size_t>(row)]) {
      case Usage::kTraining:
        split.train.push_back(row);
        break;
      case Usage::kPublicTest:
        split.val.push_back(row);
        break;
      case Usage::kPrivateTest:
        split.test.push_back(row);
        break;
      case Usage::kNone:
        fail<DataError>(
            "[split] expected an official part for every image; got none for "
            "{}. Use train/ and test/ folders or a Usage column, or protocol "
            "random.",
            images.ids[static_cast<size_t>(row)]);
    }
  }
  return split;
}

void deal_validation(const ImageSet& images, const SplitConfig& config,
                     const Rows& group, Split& split) {
  if (!split.val.empty() || split.train.empty()) return;
  NumpyRandom random(static_cast<uint32_t>(config.seed));
  auto parts = deal_shares(images, split.train,
                           {.stratify = config.stratify, .group = group},
                           {config.validation}, random);
  split.train = std::move(parts[0]);
  split.val = std::move(parts[1]);
}

void remove_twins_of(const Rows& sealed, const Rows& group, Rows& rows) {
  std::vector<bool> taken(group.size());
  const auto group_of = [&](int64_t row) {
    return static_cast<size_t>(group[static_cast<size_t>(row)]);
  };
  for (const int64_t row : sealed) taken[group_of(row)] = true;
  std::erase_if(rows, [&](int64_t row) { return taken[group_of(row)]; });
}

}  // namespace

bool has_public_test(const ImageSet& images) {
  return std::ranges::find(images.usage, Usage::kPublicTest) !=
         images.usage.end();
}

Split official_split(const ImageSet& images, const Rows& rows,
                     const SplitConfig& config, const Twins& twins) {
  Split split = parts_of_source(images, rows);
  if (config.protocol == Protocol::kFolders) {
    split.test.insert(split.test.end(), split.val.begin(), split.val.end());
    std::ranges::sort(split.test);
    split.val.clear();
  }
  deal_validation(images, config,
                  config.group_duplicates ? twins.group : Rows{}, split);
  return split;
}

Split official_clean_split(const ImageSet& images, const Rows& rows,
                           const SplitConfig& config, const Twins& twins) {
  Split split = parts_of_source(images, rows);
  remove_twins_of(split.test, twins.group, split.train);
  remove_twins_of(split.test, twins.group, split.val);
  remove_twins_of(split.val, twins.group, split.train);
  deal_validation(images, config, twins.group, split);
  return split;
}

}  // namespace fer
