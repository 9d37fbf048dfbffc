#include "sweep/effects.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace fer {
namespace {

constexpr size_t kFewest = 6;

// Positions in rising order of value.
std::vector<size_t> order_of(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return values[i]; });
  return order;
}

// Ranks from 1, equal values sharing their mean; `ties`: sum of t^3 - t.
std::vector<double> ranks_of(const std::vector<double>& values, double& ties) {
  const std::vector<size_t> order = order_of(values);
  std::vector<double> ranks(values.size());
  ties = 0;
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]])
      ++end;
    const auto t = static_cast<double>(end - begin);
    ties += t * t * t - t;
    for (size_t i = begin; i < end; ++i)
      ranks[order[i]] = (static_cast<double>(begin + end) + 1) / 2;
  }
  return ranks;
}

std::vector<size_t> groups_of_words(const std::vector<std::string>& texts) {
  std::map<std::string, size_t> known;
  std::vector<size_t> groups;
  for (const std::string& text : texts)
    groups.push_back(known.emplace(text, known.size()).first->second);
  return groups;
}

// Thirds of equal size.
std::vector<size_t> groups_of_numbers(const std::vector<std::string>& texts) {
  std::vector<double> numbers;
  for (const std::string& text : texts) numbers.push_back(std::stod(text));
  const std::vector<size_t> order = order_of(numbers);
  std::vector<size_t> groups(texts.size());
  for (size_t i = 0; i < order.size(); ++i)
    groups[order[i]] = i * 3 / order.size();
  return groups;
}

std::string range_of(const std::vector<std::string>& texts) {
  const auto number = [](const std::string& text) { return std::stod(text); };
  const auto [low, high] = std::ranges::minmax_element(texts, {}, number);
  return *low == *high ? *low : *low + " to " + *high;
}

std::string most_frequent(const std::vector<std::string>& texts) {
  std::map<std::string, size_t> counts;
  for (const std::string& text : texts) ++counts[text];
  const auto most = std::ranges::max_element(
      counts, {}, [](const auto& item) { return item.second; });
  return fmt::format("{} ({} of {})", most->first, most->second, texts.size());
}

double share_of(const std::vector<double>& values,
                const std::vector<size_t>& groups) {
  const auto n = static_cast<double>(values.size());
  const double k = static_cast<double>(*std::ranges::max_element(groups) + 1);
  if (k < 2 || n <= k) return 0;
  const double share = (kruskal_wallis(values, groups) - k + 1) / (n - k);
  return std::clamp(share, 0.0, 1.0);
}

}  // namespace

double kruskal_wallis(const std::vector<double>& values,
                      const std::vector<size_t>& groups) {
  double ties = 0;
  const std::vector<double> ranks = ranks_of(values, ties);
  const auto n = static_cast<double>(values.size());
  std::map<size_t, std::pair<double, double>> sums;  // of ranks, and how many
  for (size_t i = 0; i < ranks.size(); ++i) {
    sums[groups[i]].first += ranks[i];
    sums[groups[i]].second += 1;
  }
  double h = 0;
  for (const auto& [group, sum] : sums) h += sum.first * sum.first / sum.second;
  h = 12 / (n * (n + 1)) * h - 3 * (n + 1);
  const double correction = 1 - ties / (n * n * n - n);
  return correction > 0 ? h / correction : 0;
}

std::vector<Effect> setting_effects(
    const std::vector<Dimension>& space,
    const std::vector<TrialSettings>& trials,
    const std::vector<std::optional<double>>& values, Direction direction) {
  std::vector<size_t> used;
  std::vector<double> scores;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!values[i]) continue;
    used.push_back(i);
    scores.push_back(*values[i]);
  }
  std::vector<Effect> effects;
  if (used.size() < kFewest) return effects;
  std::vector<size_t> order = order_of(scores);
  if (direction == Direction::kMax) std::ranges::reverse(order);
  order.resize((order.size() + 3) / 4);
  for (size_t d = 0; d < space.size(); ++d) {
    std::vector<std::string> texts, best;
    for (const size_t i : used) texts.push_back(trials[i][d].second);
    for (const size_t i : order) best.push_back(texts[i]);
    const bool words = space[d].kind == Dimension::Kind::kChoice;
    effects.push_back({space[d].setting,
                       share_of(scores, words ? groups_of_words(texts)
                                              : groups_of_numbers(texts)),
                       words ? most_frequent(best) : range_of(best)});
  }
  std::ranges::stable_sort(effects, std::ranges::greater{}, &Effect::share);
  return effects;
}

}  // namespace fer
