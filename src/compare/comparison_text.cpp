#include <fmt/core.h>

#include "compare/comparison.h"
#include "compare/words.h"
#include "core/text.h"

namespace fer {
namespace {

std::string details_text(const Comparison& comparison,
                         const PairDetails& pair) {
  std::string text =
      fmt::format("\n{} against {}\n", marked_name(comparison.entry(pair.a)),
                  marked_name(comparison.entry(pair.b)));
  const std::string mcnemar = mcnemar_words(comparison, pair);
  if (!mcnemar.empty()) text += mcnemar + "\n";
  text += "\n" + format_table(metric_table(comparison, pair));
  if (!pair.recalls.empty())
    text += "\n" + format_table(recall_table(comparison, pair));
  return text;
}

}  // namespace

std::string compare_text(const Comparison& comparison) {
  std::string text = compare_sentence(comparison) + "\n\n" +
                     format_table(score_table(comparison));
  for (const size_t entry : comparison.order) {
    const std::string variance = variance_words(comparison, entry);
    if (!variance.empty()) text += variance + "\n";
  }
  if (comparison.pairs.size() > 1)
    text += "\n" + format_table(pair_table(comparison));
  for (const PairDetails& pair : comparison.details)
    text += details_text(comparison, pair);
  text +=
      "\nThe first line is the test; the other scores are for orientation, "
      "their p is not adjusted.\n";
  for (const std::string& note : comparison.lineup.notes)
    text += "Note: " + note + "\n";
  return text;
}

}  // namespace fer
