#include "stats/resampler.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "core/error.h"
#include "core/philox.h"

namespace fer {
namespace {

void check_length(const char* what, size_t values, size_t rows) {
  if (values == 0 || values == rows) return;
  fail<DataError>(
      "[bootstrap] expected {} for each of the {} rows, or none at all; got "
      "{}. Give one number per row.",
      what, rows, values);
}

void check_rows(size_t rows) {
  if (rows == 0) {
    fail<DataError>(
        "[bootstrap] expected at least one row; got none. Is the split empty?");
  }
  if (rows > std::numeric_limits<uint32_t>::max()) {
    fail<DataError>("[bootstrap] expected fewer than 2^32 rows; got {}.", rows);
  }
}

using Units = std::vector<std::vector<uint32_t>>;

// Rows of each group, groups in the order of their first rows.
Units make_units(size_t rows, std::span<const int64_t> groups) {
  Units units;
  std::unordered_map<int64_t, size_t> places;
  for (size_t row = 0; row < rows; ++row) {
    size_t place = units.size();
    if (!groups.empty())
      place = places.emplace(groups[row], place).first->second;
    if (place == units.size()) units.emplace_back();
    units[place].push_back(static_cast<uint32_t>(row));
  }
  return units;
}

int64_t stratum_of(const std::vector<uint32_t>& unit,
                   std::span<const int64_t> strata) {
  if (strata.empty()) return 0;
  std::map<int64_t, int> counts;
  for (const uint32_t row : unit) ++counts[strata[row]];
  return std::max_element(
             counts.begin(), counts.end(),
             [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// Unit numbers of each stratum, strata in the order of their first units.
std::vector<std::vector<size_t>> deal(const Units& units,
                                      std::span<const int64_t> strata) {
  std::vector<std::vector<size_t>> dealt;
  std::unordered_map<int64_t, size_t> places;
  for (size_t unit = 0; unit < units.size(); ++unit) {
    const int64_t name = stratum_of(units[unit], strata);
    const size_t place = places.emplace(name, dealt.size()).first->second;
    if (place == dealt.size()) dealt.emplace_back();
    dealt[place].push_back(unit);
  }
  return dealt;
}

}  // namespace

Resampler::Resampler(size_t rows, std::span<const int64_t> strata,
                     std::span<const int64_t> groups)
    : rows_(rows), first_{0} {
  check_rows(rows);
  check_length("a stratum", strata.size(), rows);
  check_length("a group", groups.size(), rows);
  const Units units = make_units(rows, groups);
  size_t largest = 0;
  for (const std::vector<size_t>& stratum : deal(units, strata)) {
    largest = std::max(largest, stratum.size());
    for (const size_t unit : stratum) {
      begin_.push_back(static_cast<uint32_t>(order_.size()));
      order_.insert(order_.end(), units[unit].begin(), units[unit].end());
    }
    first_.push_back(begin_.size());
  }
  begin_.push_back(static_cast<uint32_t>(order_.size()));
  if (largest < 2) {
    fail<DataError>(
        "[bootstrap] expected two or more independent rows or groups in a "
        "stratum; got one in each ({} rows). One alone says nothing about "
        "the spread.",
        rows);
  }
}

void Resampler::draw(uint64_t seed, uint32_t index,
                     std::span<double> weights) const {
  std::fill(weights.begin(), weights.end(), 0.0);
  Philox random(seed, index, 0, Purpose::kBootstrap);
  for (size_t h = 0; h < strata(); ++h) {
    const auto n = static_cast<uint32_t>(units(h));
    for (uint32_t i = 0; i < n; ++i) {
      const size_t unit = first_[h] + random.below(n);
      for (uint32_t at = begin_[unit]; at < begin_[unit + 1]; ++at)
        weights[order_[at]] += 1;
    }
  }
}

void Resampler::set_stratum(size_t stratum, double weight,
                            std::span<double> weights) const {
  for (uint32_t at = begin_[first_[stratum]]; at < begin_[first_[stratum + 1]];
       ++at)
    weights[order_[at]] = weight;
}

void Resampler::set_unit(size_t stratum, size_t unit, double weight,
                         std::span<double> weights) const {
  const size_t place = first_[stratum] + unit;
  for (uint32_t at = begin_[place]; at < begin_[place + 1]; ++at)
    weights[order_[at]] = weight;
}

}  // namespace fer
