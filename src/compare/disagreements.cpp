#include "compare/disagreements.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

namespace fer {
namespace {

struct Found {
  Disagreement picture;
  double share;  ///< of right seeds, a - b
  double gap;    ///< mean probability of the true class, a - b
};

double mean_probability(const CompareEntry& entry, size_t row, size_t k) {
  double sum = 0;
  for (const Predictions& p : entry.predictions) sum += p.probability(row, k);
  return sum / static_cast<double>(entry.seeds());
}

EntryAnswer answer_of(const CompareEntry& entry, size_t row) {
  const Predictions& first = entry.predictions[0];
  std::vector<size_t> votes(first.classes());
  EntryAnswer answer;
  answer.seeds = entry.seeds();
  for (const Predictions& p : entry.predictions) {
    ++votes[static_cast<size_t>(p.predicted[row])];
    answer.right += p.predicted[row] == p.labels[row];
  }
  const auto most = static_cast<size_t>(
      std::max_element(votes.begin(), votes.end()) - votes.begin());
  answer.predicted = first.class_names[most];
  answer.probability = mean_probability(entry, row, most);
  return answer;
}

double share(const EntryAnswer& answer) {
  return static_cast<double>(answer.right) / static_cast<double>(answer.seeds);
}

Found compare_row(const CompareEntry& a, const CompareEntry& b, size_t row) {
  const Predictions& p = a.predictions[0];
  const auto label = static_cast<size_t>(p.labels[row]);
  Found found{
      {p.ids[row], p.class_names[label], 1, answer_of(a, row),
       answer_of(b, row)},
      0,
      mean_probability(a, row, label) - mean_probability(b, row, label)};
  found.share = share(found.picture.a) - share(found.picture.b);
  return found;
}

std::vector<Disagreement> sorted(std::vector<Found> found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& x, const Found& y) {
                     return std::tuple(std::abs(x.share), std::abs(x.gap)) >
                            std::tuple(std::abs(y.share), std::abs(y.gap));
                   });
  std::vector<Disagreement> pictures;
  for (Found& one : found) pictures.push_back(std::move(one.picture));
  return pictures;
}

}  // namespace

Disagreements find_disagreements(const Lineup& lineup, size_t a, size_t b) {
  const CompareEntry &first = lineup.entries[a], &second = lineup.entries[b];
  const Predictions& p = lineup.first();
  std::unordered_map<std::string_view, size_t> rows;
  for (const std::string& id : p.ids) ++rows[id];
  std::vector<Found> a_better, b_better;
  for (size_t row = 0; row < p.size(); ++row) {
    const auto times = rows.find(p.ids[row]);
    if (times == rows.end()) continue;  // the id stands here already
    Found found = compare_row(first, second, row);
    found.picture.rows = times->second;
    rows.erase(times);
    if (found.share > 0)
      a_better.push_back(std::move(found));
    else if (found.share < 0)
      b_better.push_back(std::move(found));
  }
  return {sorted(std::move(a_better)), sorted(std::move(b_better))};
}

}  // namespace fer
