#include <fmt/core.h>

#include <algorithm>

#include "compare/comparison.h"
#include "compare/words.h"
#include "core/text.h"

namespace fer {
namespace {

std::string protocols_of(const Comparison& comparison) {
  std::vector<std::string> parts;
  for (const CompareEntry& entry : comparison.lineup.entries)
    parts.push_back(marked_name(entry) + ": " + entry.protocol);
  return join(parts, ", ");
}

std::string seeds_words(const CompareEntry& a, const CompareEntry& b) {
  if (a.seeds() == 1 && b.seeds() == 1) return {};
  return fmt::format(" (means over {} and {} seeds)", a.seeds(), b.seeds());
}

std::string of_two(const Comparison& comparison, const PairTest& pair) {
  const CompareMetric& metric = compare_metric(comparison.metric);
  const Difference& d = pair.difference;
  const CompareEntry &a = comparison.entry(pair.a),
                     &b = comparison.entry(pair.b);
  const std::string names =
      !comparison.lineup.ranked
          ? fmt::format("Not ranked, the protocols differ ({})",
                        protocols_of(comparison))
      : pair.distinguishable
          ? fmt::format("{} is better than {}", marked_name(a), marked_name(b))
          : fmt::format("{} and {} cannot be told apart", marked_name(a),
                        marked_name(b));
  return fmt::format(
      "{}: {} {} against {}{}, {} {}, {} ({}), {}", names, metric.title,
      value_words(metric.share, d.a), value_words(metric.share, d.b),
      seeds_words(a, b), difference_words(metric.share, d.difference),
      interval_words(metric.share, d.interval), p_words(d.p),
      test_words(comparison.lineup, d.test), count_words(comparison.lineup));
}

// "vit 91.2 % (+3.4 points, p = 0.004)" for each other entry that the best one
// is (or is not) better than.
std::string others(const Comparison& comparison, bool distinguishable) {
  const CompareMetric& metric = compare_metric(comparison.metric);
  std::vector<std::string> parts;
  for (const PairTest& pair : comparison.pairs) {
    if (pair.a != comparison.order[0]) continue;
    if (pair.distinguishable != distinguishable && comparison.lineup.ranked)
      continue;
    parts.push_back(
        fmt::format("{} {} ({}, {})", marked_name(comparison.entry(pair.b)),
                    value_words(metric.share, pair.difference.b),
                    difference_words(metric.share, pair.difference.difference),
                    p_words(pair.holm_p)));
  }
  return join(parts, ", ");
}

// Of the pairs that the best one stands in: seeds ask for another test.
std::string tests_of_best(const Comparison& comparison) {
  std::vector<std::string> tests;
  for (const PairTest& pair : comparison.pairs) {
    if (pair.a != comparison.order[0]) continue;
    const std::string words =
        test_words(comparison.lineup, pair.difference.test);
    if (std::ranges::find(tests, words) == tests.end()) tests.push_back(words);
  }
  return join(tests, " or ");
}

std::string of_many(const Comparison& comparison) {
  const CompareMetric& metric = compare_metric(comparison.metric);
  const size_t best = comparison.order[0];
  const std::string name = marked_name(comparison.entry(best));
  const std::string value =
      fmt::format("{} {}", metric.title,
                  value_words(metric.share, comparison.scores[best].value));
  const std::string worse = others(comparison, true),
                    equal = others(comparison, false);
  std::string sentence;
  if (!comparison.lineup.ranked)
    sentence = fmt::format("Not ranked, the protocols differ ({}): {} {}, {}",
                           protocols_of(comparison), name, value, worse);
  else if (equal.empty())
    sentence = fmt::format("{} is better than the other {}: {} against {}",
                           name, comparison.order.size() - 1, value, worse);
  else if (worse.empty())
    sentence = fmt::format(
        "None of the {} is better than all others: {}, {}, cannot be told "
        "apart from {}",
        comparison.order.size(), name, value, equal);
  else
    sentence = fmt::format(
        "{} leads with {}: better than {}; cannot be told apart from {}", name,
        value, worse, equal);
  return fmt::format("{}; Holm's p over {} pairs, {}, {}", sentence,
                     comparison.pairs.size(), tests_of_best(comparison),
                     count_words(comparison.lineup));
}

}  // namespace

std::string compare_sentence(const Comparison& comparison) {
  return comparison.pairs.size() == 1 ? of_two(comparison, comparison.pairs[0])
                                      : of_many(comparison);
}

}  // namespace fer
