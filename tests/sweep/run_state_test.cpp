#include "sweep/run_state.h"

#include <gmock/gmock.h>

#include "config/config.h"
#include "core/json.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

const std::string kHead =
    "epoch,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate,"
    "seconds,images_per_second\n";

class RunStates : public testing::Test {
 protected:
  RunStates() {
    config_.experiment.name = "x";
    config_.train.epochs = 3;
    folder_.write("config.yaml", to_yaml(config_));
  }
  void write_history(const std::string& rows) {
    folder_.write("history.csv", kHead + rows);
  }
  void finish() {
    folder_.write("checkpoints/last.json",
                  R"({"epoch": 3, "stop_reason": ""})");
    folder_.write("metrics.json", R"({"val": {}, "test": {}})");
    folder_.write("report.html", "");
  }
  RunState state(const std::string& metric = "val_loss", int until = 0) {
    return read_run_state(folder_.path(), config_, metric, until);
  }

  TemporaryFolder folder_;
  Config config_;
};

TEST_F(RunStates, OfNoFolderHasNotBegun) {
  const RunState none = read_run_state(folder_ / "none", config_, "val_loss");
  EXPECT_FALSE(none.begun);
  EXPECT_FALSE(none.complete);
  EXPECT_EQ(none.epoch, 0);
}

TEST_F(RunStates, ReadsHowFarItIs) {
  EXPECT_TRUE(state().begun);
  write_history("1,1,0,0.7,0.5,0.1,2,9\n2,1,0,0.6,0.4,0.1,4,9\n");
  EXPECT_EQ(state().epoch, 2);
  EXPECT_EQ(state().seconds, 6);
  EXPECT_EQ(state().epoch_seconds(), 3);
  EXPECT_FALSE(state().complete);
}

TEST_F(RunStates, KnowsWhichWayIsBetter) {
  write_history(
      "1,1,0,0.7,0.5,0.1,2,9\n2,1,0,0.6,0.4,0.1,4,9\n3,1,0,0.9,0.5,0.1,4,9\n");
  EXPECT_EQ(state("val_loss").best, 0.6);
  EXPECT_EQ(state("val_loss").best_epoch, 2);
  EXPECT_EQ(state("val_accuracy").best, 0.5);
  EXPECT_EQ(state("val_accuracy").best_epoch, 1);  // the first of equal ones
}

TEST_F(RunStates, CountsNothingBehindARung) {
  write_history(
      "1,1,0,0.7,0.5,0.1,2,9\n2,1,0,0.6,0.4,0.1,4,9\n3,1,0,0.1,0.5,0.1,4,9\n");
  EXPECT_EQ(state("val_loss", 2).best, 0.6);
  EXPECT_EQ(state("val_loss", 2).epoch, 3);
}

TEST_F(RunStates, HoldsNanForNoValue) {
  write_history("1,1,0,nan,0.5,0.1,2,9\n");
  EXPECT_FALSE(state().best);
  write_history("1,1,0,nan,0.5,0.1,2,9\n2,1,0,0.8,0.5,0.1,,9\n");
  EXPECT_EQ(state().best, 0.8);
}

TEST_F(RunStates, IsCompleteWithScoresAndReport) {
  finish();
  EXPECT_TRUE(state().complete);
  fs::remove(folder_ / "report.html");
  EXPECT_FALSE(state().complete);
  config_.report.html = false;
  EXPECT_TRUE(state().complete);
  folder_.write("metrics.json", R"({"val": {}})");  // test is still to come
  EXPECT_FALSE(state().complete);
  config_.evaluate.splits = {"val"};
  EXPECT_TRUE(state().complete);
  fs::remove(folder_ / "metrics.json");
  EXPECT_FALSE(state().complete);
}

TEST_F(RunStates, IsCompleteAfterAnEarlyStop) {
  finish();
  folder_.write("checkpoints/last.json", R"({"epoch": 2, "stop_reason": ""})");
  EXPECT_FALSE(state().complete);
  folder_.write("checkpoints/last.json",
                R"({"epoch": 2, "stop_reason": "early_stopping: ..."})");
  EXPECT_TRUE(state().complete);
}

TEST_F(RunStates, RefusesADamagedHistory) {
  write_history("1,1,0,zero,0.5,0.1,2,9\n");
  EXPECT_EQ(error_text([&] { state(); }),
            "[runs] expected numbers; got 'zero' (" +
                (folder_ / "history.csv").string() + ").");
}

TEST_F(RunStates, ClearsAFolderThatNeverBegan) {
  folder_.write("x/config.yaml.tmp12-0", "half");
  clear_unborn(folder_ / "x");
  EXPECT_TRUE(fs::is_empty(folder_ / "x"));
  folder_.write("y/config.yaml.tmp12-0", "half");
  folder_.write("y/notes.tmp", "mine");
  clear_unborn(folder_ / "y");
  EXPECT_TRUE(fs::exists(folder_ / "y/notes.tmp"));
  EXPECT_FALSE(fs::exists(folder_ / "y/config.yaml.tmp12-0"));
  clear_unborn(folder_ / "none");
  clear_unborn(folder_.path());
  EXPECT_TRUE(fs::exists(folder_ / "config.yaml"));
}

TEST_F(RunStates, NamesSettingsThatChanged) {
  Config asked = config_;
  asked.train.threads = 7;
  asked.train.device = DeviceKind::kCuda;
  asked.experiment.seeds = {1, 2};
  asked.experiment.runs = "elsewhere";
  EXPECT_TRUE(changed_settings(folder_.path(), asked).empty());
  asked.train.epochs = 9;
  EXPECT_EQ(changed_settings(folder_.path(), asked),
            std::vector<std::string>{"train.epochs"});
}

}  // namespace
}  // namespace fer
