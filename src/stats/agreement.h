// Agreement beyond chance. (Matthews' coefficient: metrics/classification.h.)
#pragma once

#include "metrics/confusion_matrix.h"

namespace fer {

/// Cohen's kappa (1960), (p_o - p_e) / (1 - p_e): p_o the accuracy, p_e =
/// sum_k support_k predictions_k / n^2 what chance would give. In [-1, 1]; NaN
/// where p_e = 1 (one class alone in labels and predictions), as in
/// scikit-learn.
double cohen_kappa(const ConfusionMatrix& matrix);

}  // namespace fer
