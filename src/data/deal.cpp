#include "data/deal.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <unordered_map>

#include "data/sklearn_split.h"

namespace fer {
namespace {

// Rows that must stay together.
using Unit = Rows;

// Places left in each part, per stratum: room[part][stratum].
using Room = std::vector<Rows>;

// Where a unit goes that fits nowhere.
enum class Overflow { kFirst, kRoomiest };

// What is balanced: the classes, or all rows as one.
class Strata {
 public:
  Strata(const ImageSet& images, bool by_class)
      : images_(images), by_class_(by_class) {}

  Rows count(const Rows& rows) const {
    Rows counts(by_class_ ? images_.class_names.size() : 1);
    for (const int64_t row : rows)
      ++counts[by_class_ ? static_cast<size_t>(label_of(images_, row)) : 0];
    return counts;
  }

 private:
  const ImageSet& images_;
  bool by_class_;
};

// Those of many rows first, so that single rows can fill every part to its
// exact size.
std::vector<Unit> make_units(const Rows& rows,
                             const std::vector<int64_t>& group) {
  std::vector<Unit> units;
  std::unordered_map<int64_t, size_t> unit_of;
  for (const int64_t row : rows) {
    const int64_t key = group.empty() ? row : group[static_cast<size_t>(row)];
    const auto [at, fresh] = unit_of.emplace(key, units.size());
    if (fresh) units.emplace_back();
    units[at->second].push_back(row);
  }
  std::ranges::stable_sort(units, std::ranges::greater(), &Unit::size);
  return units;
}

Room share_room(const Rows& counts, const std::vector<double>& shares,
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

// The rows that do not go in whole are dealt on where the class before stopped:
// the parts stay equal over all classes too.
Room equal_room(const Rows& counts, size_t parts, NumpyRandom& random) {
  Room room(parts, Rows(counts.size()));
  size_t next = random.interval(parts - 1);
  for (size_t c = 0; c < counts.size(); ++c) {
    const auto n = static_cast<size_t>(counts[c]);
    for (Rows& part : room) part[c] = static_cast<int64_t>(n / parts);
    for (size_t k = 0; k < n % parts; ++k) ++room[next++ % parts][c];
  }
  return room;
}

int64_t places_for(const Rows& room, const Rows& need) {
  int64_t places = 0;
  for (size_t c = 0; c < need.size(); ++c) places += need[c] ? room[c] : 0;
  return places;
}

bool fits(const Rows& room, const Rows& need) {
  for (size_t c = 0; c < need.size(); ++c) {
    if (need[c] > 0 && room[c] < need[c]) return false;
  }
  return true;
}

// At random, in proportion to the places that each part has left, among the
// parts where the whole unit fits.
size_t choose_part(const Room& room, const Rows& need, Overflow overflow,
                   NumpyRandom& random) {
  std::vector<int64_t> weight;
  for (const Rows& part : room)
    weight.push_back(fits(part, need) ? places_for(part, need) : 0);
  const auto total = std::accumulate(weight.begin(), weight.end(), int64_t{0});
  if (total == 0) {
    if (overflow == Overflow::kFirst) return 0;
    const auto places = [&](const Rows& part) {
      return places_for(part, need);
    };
    return static_cast<size_t>(
        std::ranges::max_element(room, std::ranges::less(), places) -
        room.begin());
  }
  auto draw =
      static_cast<int64_t>(random.interval(static_cast<uint64_t>(total - 1)));
  size_t part = 0;
  while (draw >= weight[part]) draw -= weight[part++];
  return part;
}

std::vector<Rows> fill(Room room, const std::vector<Unit>& units,
                       const Strata& strata, Overflow overflow,
                       NumpyRandom& random) {
  std::vector<Rows> parts(room.size());
  for (const Unit& unit : units) {
    const Rows need = strata.count(unit);
    const size_t part = choose_part(room, need, overflow, random);
    for (size_t c = 0; c < need.size(); ++c) room[part][c] -= need[c];
    parts[part].insert(parts[part].end(), unit.begin(), unit.end());
  }
  for (Rows& part : parts) std::ranges::sort(part);
  return parts;
}

}  // namespace

std::vector<Rows> deal_shares(const ImageSet& images, const Rows& rows,
                              const DealOptions& options,
                              const std::vector<double>& shares,
                              NumpyRandom& random) {
  const Strata strata(images, options.stratify);
  Room room = share_room(strata.count(rows), shares, random);
  return fill(std::move(room), make_units(rows, options.group), strata,
              Overflow::kFirst, random);
}

std::vector<Rows> deal_equal(const ImageSet& images, const Rows& rows,
                             const DealOptions& options, size_t parts,
                             NumpyRandom& random) {
  const Strata strata(images, options.stratify);
  Room room = equal_room(strata.count(rows), parts, random);
  return fill(std::move(room), make_units(rows, options.group), strata,
              Overflow::kRoomiest, random);
}

}  // namespace fer
