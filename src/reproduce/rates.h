// Whether published scores of one class can be true for a test set of any
// size: all of them are linear in the counts (TP, FP, positives, negatives), so
// Fourier-Motzkin elimination over the integers decides it exactly. It covers
// "F1 is the harmonic mean of precision and recall", and that an accuracy lies
// between sensitivity and specificity.
#pragma once

#include "reproduce/feasible.h"

namespace fer {

/// The share of positive images for which the scores fit: low <= share <= high
/// (ends may be excluded), where possible.
struct ShareRange {
  bool possible = false;
  Fraction low{0, 1}, high{1, 1};
};

/// Assumes at least one image of the positive class. Real numbers suffice: the
/// conditions are homogeneous, so any solution scales to integers.
ShareRange possible_shares(const ScoreBounds& scores);

}  // namespace fer
