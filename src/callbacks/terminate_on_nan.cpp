#include "callbacks/terminate_on_nan.h"

#include <fmt/core.h>

#include <cmath>

namespace fer {
namespace {

constexpr const char* kWayOut =
    "Lower optimizer.learning_rate or set train.clip_norm";

}  // namespace

void TerminateOnNan::on_step_end(TrainContext& context, const StepLogs& logs) {
  if (std::isfinite(logs.loss)) return;
  context.request_stop(fmt::format(
      "terminate_on_nan: the training loss is {} at step {} of epoch {}. {}",
      logs.loss, logs.step, epoch_, kWayOut));
}

void TerminateOnNan::on_epoch_end(TrainContext& context,
                                  const EpochLogs& logs) {
  const bool train = !std::isfinite(logs.train_loss);
  if (!train && std::isfinite(logs.val_loss)) return;
  context.request_stop(fmt::format(
      "terminate_on_nan: {} is {} after epoch {}. {}",
      train ? "train_loss" : "val_loss",
      train ? logs.train_loss : logs.val_loss, logs.epoch, kWayOut));
}

}  // namespace fer
