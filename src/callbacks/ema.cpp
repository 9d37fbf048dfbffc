#include "callbacks/ema.h"

#include <cmath>

#include "callbacks/state.h"

namespace fer {

void Ema::on_train_begin(TrainContext&) {
  started_ = false;
  swapped_ = false;
}

// A finished run was saved with the average in place; training goes on from
// the trained weights.
void Ema::on_train_resume(TrainContext& context, int) { put(context, false); }

void Ema::on_step_end(TrainContext& context, const StepLogs& logs) {
  if (logs.moves == 0) return;
  context.update_average(std::pow(config_.decay, logs.moves));
  started_ = true;
}

void Ema::on_validation_begin(TrainContext& context) { put(context, true); }
void Ema::on_epoch_close(TrainContext& context) { put(context, false); }
void Ema::on_train_end(TrainContext& context) { put(context, true); }
void Ema::on_exception(TrainContext& context) { put(context, false); }

void Ema::put(TrainContext& context, bool average_in_place) {
  if (!config_.evaluate || !started_ || swapped_ == average_in_place) return;
  context.swap_average();
  swapped_ = average_in_place;
}

Json Ema::state() const {
  return {{"started", started_}, {"swapped", swapped_}};
}

void Ema::load_state(const Json& state) {
  const StateReader reader(name(), state);
  started_ = reader.flag("started");
  swapped_ = reader.flag("swapped");
}

}  // namespace fer
