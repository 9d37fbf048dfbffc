#include "train/objective.h"

namespace fer {

Objective::Verdict Classification::judge(const torch::Tensor& answer,
                                         const Batch& batch) const {
  return {loss_(answer, batch.truth()), count_correct(answer, batch.labels)};
}

Objective::Verdict Classification::score(const torch::Tensor& answer,
                                         const Batch& batch) const {
  return {Loss::plain(answer, batch.truth()),
          count_correct(answer, batch.labels)};
}

}  // namespace fer
