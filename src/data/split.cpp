#include "data/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "core/error.h"
#include "data/duplicates.h"
#include "data/sklearn_split.h"

namespace fer {
namespace {

using Rows = std::vector<int64_t>;

int64_t label_of(const ImageSet& images, int64_t row) {
  return images.labels[static_cast<size_t>(row)];
}

std::vector<Rows> rows_by_class(const ImageSet& images, const Rows& rows) {
  std::vector<Rows> classes(images.class_names.size());
  for (const int64_t row : rows)
    classes[static_cast<size_t>(label_of(images, row))].push_back(row);
  return classes;
}

Rows pick(const Rows& rows, const Rows& positions) {
  Rows picked;
  picked.reserve(positions.size());
  for (const int64_t at : positions)
    picked.push_back(rows[static_cast<size_t>(at)]);
  return picked;
}

// ------------------------------------------------------------- report

Split report_split(const ImageSet& images, const SplitConfig& config) {
  if (images.class_names.size() != 2) {
    fail<DataError>(
        "[split] expected two classes for protocol report; got {}. Name two "
        "in data.classes.",
        images.class_names.size());
  }
  if (config.drop_duplicates) {
    fail<DataError>(
        "[split] expected split.drop_duplicates: false for protocol report, "
        "which keeps every copy; got true. Use protocol random.");
  }
  Rows all(images.size());
  std::iota(all.begin(), all.end(), 0);
  auto classes = rows_by_class(images, all);
  if (classes[0].empty() || classes[1].empty()) {
    fail<DataError>("[split] expected images of both classes; got none of {}.",
                    images.class_names[classes[0].empty() ? 0 : 1]);
  }
  const size_t small = classes[0].size() < classes[1].size() ? 0 : 1;
  const Rows& large = classes[1 - small];
  const auto seed = static_cast<uint32_t>(config.seed);
  Rows rows = pick(classes[small],
                   resample(classes[small].size(), large.size(), true, seed));
  rows.insert(rows.end(), large.begin(), large.end());

  const TrainTest outer =
      train_test_split(rows.size(), {}, {.share = config.test}, seed);
  const TrainTest inner = train_test_split(outer.train.size(), {},
                                           {.share = config.validation}, seed);
  return {pick(rows, pick(outer.train, inner.train)),
          pick(rows, pick(outer.train, inner.test)), pick(rows, outer.test)};
}

// ------------------------------------------------------------- dealing

// Rows that must stay together.
using Unit = Rows;

std::vector<Unit> make_units(const Rows& rows,
                             const std::vector<int64_t>& first, bool group) {
  std::vector<Unit> units;
  std::map<int64_t, size_t> unit_of;
  for (const int64_t row : rows) {
    const int64_t key = group ? first[static_cast<size_t>(row)] : row;
    const auto [at, fresh] = unit_of.emplace(key, units.size());
    if (fresh) units.emplace_back();
    units[at->second].push_back(row);
  }
  return units;
}

// Places left in each part, per stratum: room[part][stratum].
using Room = std::vector<std::vector<int64_t>>;

// Shares of the rows to parts 1, 2, ... (part 0 takes the rest), each stratum's
// share exact to within one row.
Room make_room(const Rows& counts, const std::vector<double>& shares,
               NumpyRandom& random) {
  const auto total = std::accumulate(counts.begin(), counts.end(), int64_t{0});
  Room room(shares.size() + 1);
  room[0] = counts;
  for (size_t part = 1; part < room.size(); ++part) {
    const auto n = static_cast<int64_t>(
        std::ceil(shares[part - 1] * static_cast<double>(total)));
    room[part] = approx_mode(counts, std::min(n, total), random);
    for (size_t c = 0; c < counts.size(); ++c) room[0][c] -= room[part][c];
  }
  for (int64_t& places : room[0]) places = std::max<int64_t>(0, places);
  return room;
}

// A part for a unit: at random, in proportion to the places that each part has
// left, among the parts where the whole unit fits.
size_t choose_part(const Room& room, const Rows& need, NumpyRandom& random) {
  std::vector<int64_t> weight(room.size());
  int64_t total = 0;
  for (size_t part = 0; part < room.size(); ++part) {
    bool fits = true;
    for (size_t c = 0; c < need.size(); ++c) {
      if (need[c] == 0) continue;
      fits = fits && room[part][c] >= need[c];
      weight[part] += room[part][c];
    }
    if (!fits) weight[part] = 0;
    total += weight[part];
  }
  if (total == 0) return 0;
  auto draw =
      static_cast<int64_t>(random.interval(static_cast<uint64_t>(total - 1)));
  size_t part = 0;
  while (draw >= weight[part]) draw -= weight[part++];
  return part;
}

// Deals `rows` to shares.size() + 1 parts, each ascending. Units of many rows
// go first, so that single rows can fill every part to its exact size.
std::vector<Rows> deal(const ImageSet& images, const Rows& rows,
                       const SplitConfig& config,
                       const std::vector<int64_t>& first,
                       const std::vector<double>& shares) {
  const auto stratum = [&](int64_t row) {
    return config.stratify ? static_cast<size_t>(label_of(images, row)) : 0;
  };
  const size_t strata = config.stratify ? images.class_names.size() : 1;
  Rows counts(strata);
  for (const int64_t row : rows) ++counts[stratum(row)];
  NumpyRandom random(static_cast<uint32_t>(config.seed));
  Room room = make_room(counts, shares, random);
  auto units = make_units(rows, first, config.group_duplicates);
  std::ranges::stable_sort(units, std::ranges::greater(), &Unit::size);
  std::vector<Rows> parts(room.size());
  for (const Unit& unit : units) {
    Rows need(strata);
    for (const int64_t row : unit) ++need[stratum(row)];
    const size_t part = choose_part(room, need, random);
    for (size_t c = 0; c < strata; ++c) room[part][c] -= need[c];
    parts[part].insert(parts[part].end(), unit.begin(), unit.end());
  }
  for (Rows& part : parts) std::ranges::sort(part);
  return parts;
}

// ------------------------------------------------------------- official

Split official_split(const ImageSet& images, const Rows& rows,
                     const SplitConfig& config,
                     const std::vector<int64_t>& first) {
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
  if (split.val.empty() && !split.train.empty()) {
    auto parts = deal(images, split.train, config, first, {config.validation});
    split.train = std::move(parts[0]);
    split.val = std::move(parts[1]);
  }
  return split;
}

// ------------------------------------------------------------- duplicates

// One row of each group of copies, in order; no row of a group with two labels.
// Of copies in several official parts the test's stays, else validation's.
Rows drop_duplicates(const ImageSet& images, const std::vector<int64_t>& first,
                     bool official) {
  Rows kept = first;
  std::vector<bool> conflict(images.size());
  const auto rank = [&](int64_t row) {
    return official ? images.usage[static_cast<size_t>(row)] : Usage::kNone;
  };
  for (size_t i = 0; i < images.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    const auto group = static_cast<size_t>(first[i]);
    if (images.labels[i] != images.labels[group]) conflict[group] = true;
    if (rank(row) > rank(kept[group])) kept[group] = row;
  }
  Rows rows;
  for (size_t i = 0; i < images.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    const auto group = static_cast<size_t>(first[i]);
    if (kept[group] == row && !conflict[group]) rows.push_back(row);
  }
  return rows;
}

// ------------------------------------------------------------- finishing

// Repeats the images of smaller classes: each as often as goes in whole, then
// a random part of them once more.
void upsample(const ImageSet& images, Rows& train, uint32_t seed) {
  const auto classes = rows_by_class(images, train);
  size_t most = 0;
  for (const Rows& rows : classes) most = std::max(most, rows.size());
  NumpyRandom random(seed);
  for (const Rows& rows : classes) {
    for (size_t n = 2 * rows.size(); n <= most && n > 0; n += rows.size())
      train.insert(train.end(), rows.begin(), rows.end());
    if (rows.empty()) continue;
    const Rows rest =
        pick(rows, random.choice(rows.size(), most % rows.size(), false));
    train.insert(train.end(), rest.begin(), rest.end());
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

Split make_split(const ImageSet& images, const SplitConfig& config) {
  Split split;
  if (config.protocol == Protocol::kReport) {
    split = report_split(images, config);
  } else {
    const auto first = first_copies(images);
    const bool official = config.protocol == Protocol::kOfficial;
    Rows rows(images.size());
    std::iota(rows.begin(), rows.end(), 0);
    if (config.drop_duplicates) rows = drop_duplicates(images, first, official);
    if (official) {
      split = official_split(images, rows, config, first);
    } else {
      auto parts =
          deal(images, rows, config, first, {config.validation, config.test});
      split = {std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
    }
    if (config.upsample && !split.train.empty())
      upsample(images, split.train, static_cast<uint32_t>(config.seed));
  }
  check(images, split);
  return split;
}

}  // namespace fer
