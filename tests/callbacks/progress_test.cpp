#include "callbacks/progress.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "mock_context.h"

namespace fer {
namespace {

/// Progress that writes into a text, under a clock that the test turns.
class ProgressTest : public testing::Test {
 protected:
  ProgressTest() : out_(open_memstream(&text_, &size_)) {}
  ~ProgressTest() override {
    std::fclose(out_);
    std::free(text_);
  }

  Progress make(bool terminal, int columns = 200) {
    return Progress({out_, terminal, columns, [this] { return seconds_; }});
  }
  std::string text() {
    std::fflush(out_);
    return {text_, size_};
  }
  size_t count(const std::string& part) {
    const std::string all = text();
    size_t n = 0;
    for (size_t at = 0; (at = all.find(part, at)) != std::string::npos; ++at)
      ++n;
    return n;
  }

  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* out_;
  double seconds_ = 100;
  MockContext context_;
};

EpochLogs epoch_logs() {
  return {3, 0.4123, 0.8123, 0.5, 0.75, 5e-4, 12.2, 150};
}

TEST_F(ProgressTest, PrintsOneCleanLineAnEpochWithoutATerminal) {
  Progress progress = make(false);
  progress.on_train_begin(context_);
  progress.on_epoch_begin(context_, 3);
  for (int step = 1; step <= 225; ++step) {
    seconds_ += 0.054;
    progress.on_step_end(context_, {step, 225, 0.4, 0.8});
  }
  progress.on_epoch_end(context_, epoch_logs());
  progress.on_train_end(context_);
  EXPECT_EQ(text(),
            "Epoch 3/50 - 12s - 54ms/step - accuracy: 0.8123 - loss: 0.4123 - "
            "val_accuracy: 0.7500 - val_loss: 0.5000 - learning_rate: "
            "5.0000e-04\n");
}

// As a GPU replays them: the first four, which are slow, do not count.
TEST_F(ProgressTest, CountsEachOfTheStepsThatEndTogether) {
  Progress progress = make(false);
  progress.on_epoch_begin(context_, 3);
  for (int step = 4; step <= 224; step += 4) {
    seconds_ += step == 4 ? 10 : 4 * 0.054;
    progress.on_step_end(context_, {step, 225, 0.4, 0.8});
  }
  progress.on_epoch_end(context_, epoch_logs());
  EXPECT_EQ(text().substr(0, 29), "Epoch 3/50 - 12s - 54ms/step ");
}

TEST_F(ProgressTest, SaysNothingOfAccuraciesWithoutAnswers) {
  Progress progress = make(false);
  progress.on_epoch_begin(context_, 3);
  EpochLogs logs = epoch_logs();
  logs.train_accuracy = logs.val_accuracy = NAN;
  progress.on_epoch_end(context_, logs);
  EXPECT_EQ(text(),
            "Epoch 3/50 - 12s - 0s/step - loss: 0.4123 - val_loss: 0.5000 - "
            "learning_rate: 5.0000e-04\n");
}

TEST_F(ProgressTest, LooksLikeKerasOnATerminal) {
  Progress progress = make(true);
  progress.on_train_begin(context_);
  progress.on_epoch_begin(context_, 3);
  seconds_ += 1;  // the slow first step does not count
  progress.on_step_end(context_, {1, 225, 0.4, 0.8});
  seconds_ += 0.054 * 224;
  progress.on_step_end(context_, {225, 225, 0.4, 0.8});
  progress.on_epoch_end(context_, epoch_logs());
  std::string bar, grey;
  for (int i = 0; i < 20; ++i) bar += "━";
  EXPECT_EQ(text(),
            "Epoch 3/50\n"
            "\r\033[1m  1/225\033[0m \033[32m\033[37m" +
                bar +
                "\033[0m 3:44 1s/step - accuracy: 0.8000 - loss: 0.4000\033[K"
                "\r\033[1m225/225\033[0m \033[32m" +
                bar +
                "\033[0m 0s 54ms/step - accuracy: 0.8000 - loss: 0.4000\033[K"
                "\r\033[1m225/225\033[0m \033[32m" +
                bar +
                "\033[0m 12s 54ms/step - accuracy: 0.8123 - loss: 0.4123 - "
                "val_accuracy: 0.7500 - val_loss: 0.5000 - learning_rate: "
                "5.0000e-04\033[K\n");
}

TEST_F(ProgressTest, RedrawsAtMostTenTimesASecond) {
  Progress progress = make(true);
  progress.on_epoch_begin(context_, 1);
  for (int step = 1; step <= 1000; ++step) {
    seconds_ += 0.001;
    progress.on_step_end(context_, {step, 2000, 0.4, 0.8});
  }
  EXPECT_LE(count("\r"), 10u);
  EXPECT_GE(count("\r"), 9u);
}

TEST_F(ProgressTest, GivesUpTheBarOnANarrowTerminal) {
  Progress progress = make(true, 60);
  progress.on_epoch_begin(context_, 1);
  seconds_ += 0.054;
  progress.on_step_end(context_, {1, 225, 0.4, 0.8});
  // "  1/225" + "  " + "12s 54ms/step - accuracy: 0.8000 - loss: 0.4000" is
  // 7 + 2 + 47 columns of 59: a bar of 3 is left.
  EXPECT_EQ(count("━"), 3u);
}

TEST_F(ProgressTest, EndsAnOpenLineWhenTrainingIsCutShort) {
  Progress progress = make(true);
  progress.on_epoch_begin(context_, 1);
  seconds_ += 1;
  progress.on_step_end(context_, {1, 225, 0.4, 0.8});
  progress.on_exception(context_);
  EXPECT_TRUE(text().ends_with("\033[K\n"));
  progress.on_train_end(context_);  // no second line break
  EXPECT_TRUE(text().ends_with("\033[K\n"));
}

TEST_F(ProgressTest, ForgetsTheLastRunWhenANewOneBegins) {
  Progress progress = make(true);
  progress.on_epoch_begin(context_, 1);
  progress.on_step_end(context_, {1, 225, 0.4, 0.8});
  progress.on_train_begin(context_);
  const std::string before = text();
  progress.on_train_end(context_);
  EXPECT_EQ(text(), before);
}

TEST_F(ProgressTest, HasNoState) { EXPECT_TRUE(make(true).state().empty()); }

}  // namespace
}  // namespace fer
