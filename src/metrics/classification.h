// Scores of decisions, all from the confusion matrix, with scikit-learn's
// definitions over all K classes (its labels=range(K)), also those that no
// image has.
#pragma once

#include <span>
#include <vector>

#include "metrics/confusion_matrix.h"

namespace fer {

/// One class against the rest; TP, FP, FN, TN are its counts.
struct ClassScores {
  double precision = 0;    ///< TP / (TP + FP)
  double recall = 0;       ///< TP / (TP + FN), also called sensitivity
  double f1 = 0;           ///< 2 TP / (2 TP + FP + FN)
  double specificity = 0;  ///< TN / (TN + FP)
  int64_t support = 0;     ///< TP + FN
};

/// Means over the classes. A NaN (see class_scores) is left out; NaN when all
/// are.
struct AverageScores {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

/// `zero_division` is the value of 0 / 0: in [0, 1], or NaN for "undefined";
/// DataError for another.
std::vector<ClassScores> class_scores(const ConfusionMatrix& matrix,
                                      double zero_division);

AverageScores macro_average(std::span<const ClassScores> classes);
/// Weights: the supports. Where only classes without images have a value,
/// their plain mean, as scikit-learn does.
AverageScores weighted_average(std::span<const ClassScores> classes);

double accuracy(const ConfusionMatrix& matrix);

/// Mean recall of the classes that have images.
double balanced_accuracy(const ConfusionMatrix& matrix);

/// Matthews correlation coefficient for K classes (Gorodkin 2004), in [-1, 1];
/// 0 where it is undefined (one class only, in labels or predictions).
double matthews_correlation(const ConfusionMatrix& matrix);

}  // namespace fer
