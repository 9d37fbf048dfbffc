#include "callbacks/callback_list.h"
#include "callbacks/early_stopping.h"
#include "callbacks/ema.h"
#include "callbacks/history.h"
#include "callbacks/learning_rate_schedule.h"
#include "callbacks/model_checkpoint.h"
#include "callbacks/progress.h"
#include "callbacks/reduce_lr_on_plateau.h"
#include "callbacks/tensorboard.h"
#include "callbacks/terminate_on_nan.h"
#include "core/error.h"

namespace fer {
namespace {

void add_schedule(CallbackList& list, const Config& config) {
  const ScheduleConfig& schedule = config.schedule;
  const bool constant = schedule.name == ScheduleKind::kConstant;
  if (!constant && config.callbacks.reduce_lr_on_plateau) {
    fail<ConfigError>(
        "[schedule.name] expected constant beside "
        "callbacks.reduce_lr_on_plateau; got {}, which sets the learning rate "
        "anew every epoch and would undo each fall. Remove one of the two.",
        word(schedule.name));
  }
  if (constant && schedule.warmup_epochs == 0) return;
  list.add(std::make_unique<LearningRateSchedule>(
      schedule, config.optimizer.learning_rate, config.train.epochs));
}

}  // namespace

// The order matters: docs/events.md says why.
CallbackList make_callbacks(const Config& config, bool quiet) {
  const CallbacksConfig& wanted = config.callbacks;
  CallbackList list;
  if (wanted.terminate_on_nan) list.add(std::make_unique<TerminateOnNan>());
  if (wanted.ema) list.add(std::make_unique<Ema>(*wanted.ema));
  add_schedule(list, config);
  if (wanted.model_checkpoint)
    list.add(std::make_unique<ModelCheckpoint>(*wanted.model_checkpoint));
  if (wanted.reduce_lr_on_plateau)
    list.add(std::make_unique<ReduceLrOnPlateau>(*wanted.reduce_lr_on_plateau));
  if (wanted.early_stopping)
    list.add(std::make_unique<EarlyStopping>(*wanted.early_stopping));
  list.add(std::make_unique<History>());
  if (wanted.tensorboard) list.add(std::make_unique<TensorBoard>());
  if (!quiet) list.add(std::make_unique<Progress>());
  return list;
}

}  // namespace fer
