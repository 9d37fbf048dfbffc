#include "data/twins.h"

#include <algorithm>
#include <numeric>

#include "data/duplicates.h"
#include "data/near_twins.h"

namespace fer {
namespace {

// Union-find whose root is the smallest index.
int64_t root(std::vector<int64_t>& group, int64_t i) {
  while (group[static_cast<size_t>(i)] != i) {
    int64_t& up = group[static_cast<size_t>(i)];
    up = group[static_cast<size_t>(up)];
    i = up;
  }
  return i;
}

void join(std::vector<int64_t>& group, int64_t a, int64_t b) {
  a = root(group, a);
  b = root(group, b);
  group[static_cast<size_t>(std::max(a, b))] = std::min(a, b);
}

}  // namespace

Twins exact_twins(const ImageSet& images) {
  Twins twins;
  twins.first = first_copies(images);
  twins.blank.resize(images.size());
  twins.group = twins.first;
  for (size_t i = 0; i < images.size(); ++i) {
    twins.blank[i] = is_blank(images, i);
    if (twins.blank[i]) twins.group[i] = static_cast<int64_t>(i);
  }
  return twins;
}

std::vector<int64_t> different_pictures(const Twins& twins) {
  std::vector<int64_t> rows;
  for (size_t i = 0; i < twins.first.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (twins.first[i] == row && !twins.blank[i]) rows.push_back(row);
  }
  return rows;
}

void add_near_twins(Twins& twins, std::vector<TwinPair> near) {
  twins.near = std::move(near);
  twins.searched = true;
  for (const TwinPair& pair : twins.near) join(twins.group, pair.a, pair.b);
  for (size_t i = 0; i < twins.group.size(); ++i)
    twins.group[i] = root(twins.group, static_cast<int64_t>(i));
}

Twins find_twins(const ImageSet& images, const TwinConfig& config) {
  Twins twins = exact_twins(images);
  if (!config.near) return twins;
  add_near_twins(twins,
                 find_near_twins(images, different_pictures(twins), config));
  return twins;
}

}  // namespace fer
