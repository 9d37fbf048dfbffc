#include "stats/agreement.h"

#include <limits>

namespace fer {

double cohen_kappa(const ConfusionMatrix& matrix) {
  // Whole numbers up to here: p_e = 1 is found exactly.
  int64_t chance = 0;
  for (size_t k = 0; k < matrix.classes(); ++k)
    chance += matrix.support(k) * matrix.predictions(k);
  const int64_t square = matrix.total() * matrix.total();
  if (chance == square) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(matrix.correct() * matrix.total() - chance) /
         static_cast<double>(square - chance);
}

}  // namespace fer
