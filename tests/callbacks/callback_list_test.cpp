#include "callbacks/callback_list.h"

#include <gtest/gtest.h>

#include "mock_context.h"

namespace fer {
namespace {

using Events = std::vector<std::string>;

/// Notes every hook; may ask for a stop or throw in one of them.
class Recorder : public Callback {
 public:
  Recorder(std::string name, Events& events)
      : name_(std::move(name)), events_(events) {}

  std::string name() const override { return name_; }
  void on_train_begin(TrainContext&) override { note("train_begin"); }
  void on_train_resume(TrainContext&, int epoch) override {
    note("train_resume " + std::to_string(epoch));
  }
  void on_epoch_begin(TrainContext&, int epoch) override {
    note("epoch_begin " + std::to_string(epoch));
  }
  void on_step_end(TrainContext& context, const StepLogs& logs) override {
    note("step_end " + std::to_string(logs.step));
    if (stop_at_step == logs.step) context.request_stop("nan");
    if (throw_at_step == logs.step) throw std::runtime_error("boom");
  }
  void on_validation_begin(TrainContext&) override { note("validation_begin"); }
  void on_validation_end(TrainContext&) override { note("validation_end"); }
  void on_epoch_end(TrainContext& context, const EpochLogs& logs) override {
    note("epoch_end " + std::to_string(logs.epoch));
    if (stop_at_epoch == logs.epoch) context.request_stop("enough");
  }
  void on_epoch_close(TrainContext&) override { note("epoch_close"); }
  void on_train_end(TrainContext&) override { note("train_end"); }
  void on_exception(TrainContext&) override {
    note("exception");
    if (throw_at_exception) throw std::runtime_error("again");
  }
  Json state() const override { return stored; }
  void load_state(const Json& state) override { stored = state; }

  int stop_at_step = 0, throw_at_step = 0, stop_at_epoch = 0;
  bool throw_at_exception = false;
  Json stored = Json::object();

 private:
  void note(const std::string& what) { events_.push_back(name_ + ' ' + what); }

  std::string name_;
  Events& events_;
};

/// The loop that docs/events.md asks of the trainer; two steps an epoch.
void train(CallbackList& list, MockContext& context, int done) {
  try {
    if (done == 0)
      list.on_train_begin(context);
    else
      list.on_train_resume(context, done);
    for (int epoch = done + 1; epoch <= context.epochs(); ++epoch) {
      if (context.stop_requested()) break;
      list.on_epoch_begin(context, epoch);
      for (int step = 1; step <= 2 && !context.stop_requested(); ++step)
        list.on_step_end(context, {step, 2, 0.5, 0.5});
      if (context.stop_requested()) break;
      list.on_validation_begin(context);
      list.on_validation_end(context);
      list.on_epoch_end(context, logs_of(epoch, 0.5));
      context.events.push_back("checkpoint");
    }
    list.on_train_end(context);
  } catch (const std::exception&) {
    list.on_exception(context);
  }
}

class CallbackListTest : public testing::Test {
 protected:
  CallbackListTest() {
    for (const char* name : {"a", "b"}) {
      auto recorder = std::make_unique<Recorder>(name, context_.events);
      (name[0] == 'a' ? a_ : b_) = recorder.get();
      list_.add(std::move(recorder));
    }
    context_.total_epochs = 1;
  }

  MockContext context_;
  CallbackList list_;
  Recorder* a_;
  Recorder* b_;
};

TEST_F(CallbackListTest, CallsInOrderInANormalRun) {
  train(list_, context_, 0);
  EXPECT_EQ(
      context_.events,
      (Events{"a train_begin", "b train_begin", "a epoch_begin 1",
              "b epoch_begin 1", "a step_end 1", "b step_end 1", "a step_end 2",
              "b step_end 2", "a validation_begin", "b validation_begin",
              "a validation_end", "b validation_end", "a epoch_end 1",
              "b epoch_end 1", "a epoch_close", "b epoch_close", "checkpoint",
              "a train_end", "b train_end"}));
}

TEST_F(CallbackListTest, FinishesTheEpochInWhoseEndAStopIsAskedFor) {
  context_.total_epochs = 9;
  a_->stop_at_epoch = 1;
  train(list_, context_, 0);
  const Events tail(context_.events.end() - 7, context_.events.end());
  EXPECT_EQ(tail, (Events{"a epoch_end 1", "b epoch_end 1", "a epoch_close",
                          "b epoch_close", "checkpoint", "a train_end",
                          "b train_end"}));
}

TEST_F(CallbackListTest, LeavesAnEpochAtOnceWhenAStopIsAskedForInside) {
  a_->stop_at_step = 1;
  train(list_, context_, 0);
  const Events tail(context_.events.end() - 4, context_.events.end());
  EXPECT_EQ(tail, (Events{"a step_end 1", "b step_end 1", "a train_end",
                          "b train_end"}));
}

TEST_F(CallbackListTest, TellsEveryoneOfAnExceptionAndNobodyOfTheEnd) {
  a_->throw_at_step = 1;
  a_->throw_at_exception = true;  // b is told all the same
  train(list_, context_, 0);
  const Events tail(context_.events.end() - 3, context_.events.end());
  EXPECT_EQ(tail, (Events{"a step_end 1", "a exception", "b exception"}));
}

TEST_F(CallbackListTest, ResumesInsteadOfBeginning) {
  context_.total_epochs = 4;
  train(list_, context_, 3);
  const Events head(context_.events.begin(), context_.events.begin() + 4);
  EXPECT_EQ(head, (Events{"a train_resume 3", "b train_resume 3",
                          "a epoch_begin 4", "b epoch_begin 4"}));
}

TEST_F(CallbackListTest, KeepsStatesByName) {
  b_->stored = {{"wait", 3}};
  const Json state = list_.state();
  EXPECT_EQ(state.dump(), R"({"b":{"wait":3}})");  // a has none
  b_->stored = {{"wait", 0}};
  list_.load_state(state);
  EXPECT_EQ(b_->stored["wait"], 3);
}

TEST_F(CallbackListTest, NamesTheCallbackWhoseStateIsMissing) {
  b_->stored = {{"wait", 3}};
  EXPECT_EQ(error_of<DataError>([&] {
              list_.load_state({{"a", Json::object()}});
            }),
            "[callbacks] expected the state of 'b' in the checkpoint; got "
            "none. Resume with the callbacks that the run began with, or start "
            "a new run.");
}

TEST_F(CallbackListTest, RefusesAStateThatIsNoObject) {
  EXPECT_EQ(error_of<DataError>([&] { list_.load_state(Json("text")); }),
            "[callbacks] expected an object with one state per callback; got "
            "\"text\". The checkpoint is damaged or of another version: start "
            "a new run.");
}

TEST_F(CallbackListTest, RefusesASecondCallbackOfOneName) {
  Events events;
  EXPECT_EQ(error_of<Error>(
                [&] { list_.add(std::make_unique<Recorder>("a", events)); }),
            "[callbacks] expected one callback of each name; got a second 'a'. "
            "Remove one.");
  EXPECT_EQ(list_.size(), 2u);
}

}  // namespace
}  // namespace fer
