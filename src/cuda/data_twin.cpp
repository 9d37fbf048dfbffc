#include "cuda/data_twin.h"

#include "cuda/data_values.h"

namespace fer {
namespace {

void make_image(const CudaBatch& batch, int64_t i) {
  const BatchPlace place = place_of(batch);
  const int64_t at = place.first + i, own = batch.order[at];
  const int64_t partner = batch.partners ? batch.partners[at] : own;
  const AugmentPlan own_plan = plan_of(batch, place, own);
  const AugmentPlan partner_plan = plan_of(batch, place, partner);
  const int values = batch.channels * batch.height * batch.width;
  float* out = batch.out + i * values;
  for (int v = 0; v < values; ++v) {
    const ValueAt where = value_at(batch, v);
    float value = value_of(batch, own, own_plan, where);
    if (batch.partners) {
      const float share = batch.shares[at];
      value = mixed(share, value, 1 - share,
                    value_of(batch, partner, partner_plan, where));
    }
    out[written_at(batch, where)] = value;
  }
}

}  // namespace

const char* make_batch_on_cpu(const CudaBatch* batch) {
  for (int64_t i = 0; i < batch->n; ++i) make_image(*batch, i);
  return nullptr;
}

}  // namespace fer
