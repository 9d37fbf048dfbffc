// Temperature scaling (Guo et al. 2017): one number T, fitted on validation,
// makes all probabilities softer (T > 1) or sharper (T < 1); decisions and
// their order within an image stay.
//   q_k = p_k^(1/T) / sum_j p_j^(1/T)
// which is softmax(logits / T), from the probabilities alone; for two classes
// it is sigmoid(logit / T).
#pragma once

#include "metrics/predictions.h"

namespace fer {

/// Temperatures are searched in [1 / kTemperatureLimit, kTemperatureLimit].
inline constexpr double kTemperatureLimit = 100;

struct TemperatureFit {
  double temperature = 1;
  double log_loss_before = 0;  ///< log_loss() of the validation rows
  double log_loss_after = 0;   ///< the smallest that one T can reach
  /// T stands at a limit: every row right with its likeliest class (no T is
  /// sharp enough), or no better than chance (none is soft enough). Do not
  /// trust it.
  bool at_limit = false;
};

/// The T of the smallest log loss. The loss is convex in 1 / T, so there is one
/// minimum, found to 1e-10 of T. A probability below 2^-52 counts as 2^-52, as
/// in log_loss(), so that 0 and 1 do no harm. DataError for no rows, or what
/// check_predictions throws.
TemperatureFit fit_temperature(const Predictions& validation);

/// The same rows with scaled probabilities, clipped in the same way; T = 1
/// changes nothing. `predicted` stays. DataError for a T that is not finite
/// and above 0, or what check_predictions throws.
Predictions apply_temperature(const Predictions& predictions,
                              double temperature);

}  // namespace fer
