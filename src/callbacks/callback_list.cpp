#include "callbacks/callback_list.h"

#include <exception>

#include "core/error.h"

namespace fer {

void CallbackList::add(std::unique_ptr<Callback> callback) {
  for (const auto& other : callbacks_) {
    if (other->name() == callback->name()) {
      fail<Error>(
          "[callbacks] expected one callback of each name; got a "
          "second '{}'. Remove one.",
          callback->name());
    }
  }
  callbacks_.push_back(std::move(callback));
}

void CallbackList::on_train_begin(TrainContext& context) {
  for (auto& callback : callbacks_) callback->on_train_begin(context);
}

void CallbackList::on_train_resume(TrainContext& context, int epoch) {
  for (auto& callback : callbacks_) callback->on_train_resume(context, epoch);
}

void CallbackList::on_epoch_begin(TrainContext& context, int epoch) {
  for (auto& callback : callbacks_) callback->on_epoch_begin(context, epoch);
}

void CallbackList::on_step_end(TrainContext& context, const StepLogs& logs) {
  for (auto& callback : callbacks_) callback->on_step_end(context, logs);
}

void CallbackList::on_validation_begin(TrainContext& context) {
  for (auto& callback : callbacks_) callback->on_validation_begin(context);
}

void CallbackList::on_validation_end(TrainContext& context) {
  for (auto& callback : callbacks_) callback->on_validation_end(context);
}

void CallbackList::on_epoch_end(TrainContext& context, const EpochLogs& logs) {
  for (auto& callback : callbacks_) callback->on_epoch_end(context, logs);
  for (auto& callback : callbacks_) callback->on_epoch_close(context);
}

void CallbackList::on_train_end(TrainContext& context) {
  for (auto& callback : callbacks_) callback->on_train_end(context);
}

void CallbackList::on_exception(TrainContext& context) {
  for (auto& callback : callbacks_) {
    try {
      callback->on_exception(context);
    } catch (const std::exception&) {
      // The error that brought us here is the one to report.
    }
  }
}

Json CallbackList::state() const {
  Json all = Json::object();
  for (const auto& callback : callbacks_) {
    Json one = callback->state();
    if (!one.empty()) all[callback->name()] = std::move(one);
  }
  return all;
}

void CallbackList::load_state(const Json& state) {
  if (!state.is_object()) {
    fail<DataError>(
        "[callbacks] expected an object with one state per callback; got {}. "
        "The checkpoint is damaged or of another version: start a new run.",
        state.dump());
  }
  for (auto& callback : callbacks_) {
    if (callback->state().empty()) continue;  // has none to lose
    const auto found = state.find(callback->name());
    if (found == state.end()) {
      fail<DataError>(
          "[callbacks] expected the state of '{}' in the checkpoint; got none. "
          "Resume with the callbacks that the run began with, or start a new "
          "run.",
          callback->name());
    }
    callback->load_state(*found);
  }
}

}  // namespace fer
