#include "data/split.h"

#include <algorithm>

#include "core/error.h"
#include "data/clean_list.h"
#include "data/deal.h"
#include "data/kfold.h"
#include "data/split_official.h"
#include "data/split_report.h"
#include "data/split_selection.h"
#include "data/split_upsample.h"

namespace fer {
namespace {

// Grouping by near twins costs a search through all images.
bool needs_near_twins(const ImageSet& images, const SplitConfig& config) {
  switch (config.protocol) {
    case Protocol::kReport:
      return false;
    case Protocol::kRandom:
      return config.group_duplicates;
    case Protocol::kOfficial:
      // A list may take all of PublicTest away.
      return config.group_duplicates &&
             (!config.keep.empty() || !has_public_test(images));
    case Protocol::kFolders:
      return config.group_duplicates;
    default:
      return true;
  }
}

void check_sizes(const ImageSet& images, const Twins& twins,
                 const std::vector<bool>& kept) {
  const size_t n = images.size();
  if (twins.group.size() == n && twins.first.size() == n &&
      twins.blank.size() == n && (kept.empty() || kept.size() == n))
    return;
  fail("[split] expected twins of {} images; got those of {}, and {} kept.", n,
       twins.group.size(), kept.size());
}

Split deal_out(const ImageSet& images, const Rows& rows,
               const SplitConfig& config, const Twins& twins) {
  const bool group =
      config.group_duplicates || config.protocol != Protocol::kRandom;
  const DealOptions options{.stratify = config.stratify,
                            .group = group ? twins.group : Rows{}};
  NumpyRandom random(static_cast<uint32_t>(config.seed));
  auto parts = deal_shares(images, rows, options,
                           {config.validation, config.test}, random);
  return {std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
}

Split split_by_protocol(const ImageSet& images, const Rows& rows,
                        const SplitConfig& config, const Twins& twins) {
  switch (config.protocol) {
    case Protocol::kOfficial:
    case Protocol::kFolders:
      return official_split(images, rows, config, twins);
    case Protocol::kOfficialClean:
      return official_clean_split(images, rows, config, twins);
    case Protocol::kKfold:
      return kfold_split(images, rows, config, twins);
    default:
      return deal_out(images, rows, config, twins);
  }
}

void check(const ImageSet& images, const Split& split) {
  for (const char* name : {"train", "val", "test"}) {
    const Rows& rows = split.rows(name);
    if (rows.empty()) {
      fail<DataError>(
          "[split] expected images in {}; got none of {}. Check split.protocol "
          "and its shares.",
          name, images.size());
    }
    const auto classes = rows_by_class(images, rows);
    for (size_t c = 0; c < classes.size(); ++c) {
      if (!classes[c].empty()) continue;
      fail<DataError>(
          "[split] expected every class in {}; got no image of '{}' among {}. "
          "Add images, change the shares, or leave the class out in "
          "data.classes.",
          name, images.class_names[c], rows.size());
    }
  }
}

}  // namespace

const std::vector<int64_t>& Split::rows(const std::string& name) const {
  if (name == "train") return train;
  if (name == "val") return val;
  if (name == "test") return test;
  fail("[split] expected train, val or test; got '{}'.", name);
}

Split make_split(const ImageSet& images, const DataConfig& config) {
  const SplitConfig& split = config.split;
  const Twins twins = needs_near_twins(images, split)
                          ? cached_twins(images, config)
                          : exact_twins(images);
  std::vector<bool> kept;
  if (!split.keep.empty()) kept = read_kept(split.keep, images);
  return make_split(images, split, twins, kept);
}

Split make_split(const ImageSet& images, const SplitConfig& config,
                 const Twins& twins, const std::vector<bool>& kept) {
  check_sizes(images, twins, kept);
  Split split;
  if (config.protocol == Protocol::kReport) {
    split = report_split(images, config);
  } else {
    const Rows rows = select_rows(images, config, twins, kept);
    split = split_by_protocol(images, rows, config, twins);
    if (config.upsample && !split.train.empty())
      upsample(images, split.train, static_cast<uint32_t>(config.seed));
  }
  check(images, split);
  return split;
}

}  // namespace fer
