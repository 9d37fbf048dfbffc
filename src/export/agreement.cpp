#include "export/agreement.h"

#include <algorithm>

namespace fer {
namespace {

int64_t best(std::span<const float> row) {
  return std::ranges::max_element(row) - row.begin();
}

/// How far the best probability is ahead of the second.
double lead(std::span<const float> row) {
  const int64_t first = best(row);
  double second = 0;
  for (size_t k = 0; k < row.size(); ++k)
    if (static_cast<int64_t>(k) != first)
      second = std::max<double>(second, row[k]);
  return row[static_cast<size_t>(first)] - second;
}

}  // namespace

Agreement agreement_of(std::span<const float> answers,
                       std::span<const float> reference,
                       std::span<const int64_t> labels, size_t classes,
                       double small_lead) {
  Agreement result;
  for (size_t at = 0; at + classes <= answers.size(); at += classes) {
    const auto truth = reference.subspan(at, classes);
    const int64_t mine = best(answers.subspan(at, classes));
    const int64_t theirs = best(truth);
    if (mine == theirs)
      ++result.same;
    else if (lead(truth) <= small_lead)
      ++result.close;
    if (!labels.empty()) {
      const int64_t label = labels[static_cast<size_t>(result.images)];
      result.right += mine == label;
      result.reference_right += theirs == label;
    }
    ++result.images;
  }
  return result;
}

}  // namespace fer
