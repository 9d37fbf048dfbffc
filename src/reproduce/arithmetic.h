// The arithmetic check of a published claim, in words: can all its numbers be
// true together?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reproduce/feasible.h"
#include "reproduce/published.h"

namespace fer {

struct ArithmeticCheck {
  enum class Verdict { kPossible, kImpossible, kNothingToCheck };

  Verdict verdict = Verdict::kNothingToCheck;
  std::string text;                   ///< one sentence or two, plain text
  std::optional<Feasibility> counts;  ///< where the set's size is known
};
const char* verdict_name(ArithmeticCheck::Verdict verdict);  ///< "possible"

/// With the size of the set (and, where known, of its classes): integer counts
/// that print as every number of the claim. Of an unknown size: any size. With
/// candidate sizes: each of them. Each of kRoundingRules is tried, and
/// "impossible" means under all of them; printed: float32 means exactly the
/// digits. Losses, areas and parameters cannot be checked this way.
ArithmeticCheck check_claim(const Published& published,
                            const PublishedClaim& claim);

/// One test set, one class per claim: the shares of images that the claims of
/// `table` imply must be able to sum to 1. Specificity, recall and precision
/// are used, accuracy is not. Nothing where there are fewer than two claims
/// with all three, or no contradiction.
std::optional<std::string> check_shares(const Published& published,
                                        const std::string& table);

}  // namespace fer
