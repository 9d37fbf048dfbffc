#include "report/run_files.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/error.h"
#include "core/file.h"
#include "run_fixture.h"

namespace fer {
namespace {

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(RunFiles, SaysWhatARunFolderIsWhenItIsNone) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  const std::string start =
      "[report] expected a run folder (with config.yaml, history.csv or "
      "metrics.json); got ";
  const std::string end = "). Name a folder that `ferbench run` wrote.";
  EXPECT_EQ(message_of([&] { read_run_files(folder.path()); }),
            start + "a folder with none of them (" + path + end);
  EXPECT_EQ(message_of([&] { read_run_files(folder.path() / "no"); }),
            start + "no such folder (" + path + "/no" + end);
  write_file(folder.path() / "file", "x");
  EXPECT_EQ(message_of([&] { read_run_files(folder.path() / "file"); }),
            start + "a file (" + path + "/file" + end);
}

TEST(RunFiles, ReadsWhatIsThereAndLeavesTheRestEmpty) {
  const TemporaryFolder folder;
  write_file(folder.path() / "config.yaml", "a: 1\n");
  const RunFiles run = read_run_files(folder.path());
  EXPECT_EQ(run.config, "a: 1\n");
  EXPECT_TRUE(run.metrics.is_null());
  EXPECT_TRUE(run.audit.is_null());
  EXPECT_FALSE(run.history);
  EXPECT_TRUE(run.predictions.empty());
  EXPECT_TRUE(run.scored_splits().empty());
  EXPECT_FALSE(best_epoch(run));
}

TEST(RunFiles, IsTitledByItsExperimentAndSeed) {
  const TemporaryFolder folder;
  write_file(folder.path() / "fernet" / "seed-7" / "config.yaml", "");
  EXPECT_EQ(read_run_files(folder.path() / "fernet" / "seed-7/").title,
            "fernet / seed-7");
}

TEST(RunFiles, PutsTheTestSplitFirst) {
  RunFiles run;
  for (const char* split : {"train", "extra", "val", "test"})
    run.metrics[split] = {{"accuracy", 0.5}};
  run.metrics["protocol"] = "random";
  EXPECT_EQ(run.scored_splits(),
            (std::vector<std::string>{"test", "val", "train", "extra"}));
}

TEST(RunFiles, NamesTheCellOfHistoryThatIsNoNumber) {
  RunFiles run;
  run.path = "r";
  run.history = CsvTable{{"epoch", "val_loss"}, {{"1", ""}, {"2", "0.5x"}}};
  EXPECT_EQ(message_of([&] { run.history_column("val_loss"); }),
            "[report] expected a number in column val_loss of row 2; got "
            "'0.5x' (r/history.csv). The file is damaged: restore it, or train "
            "again.");
  EXPECT_TRUE(run.history_column("absent").empty());
  run.history->rows[1][1] = "0.5";
  EXPECT_TRUE(std::isnan(run.history_column("val_loss")[0]));
}

TEST(BestEpoch, IsTheCheckpointsElseTheFirstHighestAccuracyElseTheLowestLoss) {
  RunFiles run;
  run.history =
      CsvTable{{"epoch", "val_loss", "val_accuracy"},
               {{"1", "0.4", "0.8"}, {"2", "0.1", "0.9"}, {"3", "0.2", "0.9"}}};
  EXPECT_EQ(best_epoch(run)->epoch, 2);  // 0.9 first
  EXPECT_EQ(best_epoch(run)->why, "highest val_accuracy");
  run.best = {{"epoch", 3}};
  EXPECT_EQ(best_epoch(run)->row, 2u);
  EXPECT_EQ(best_epoch(run)->why, "checkpoints/best.json");
  run.best = {{"epoch", 99}};  // not in the file
  run.history->columns[2] = "other";
  EXPECT_EQ(best_epoch(run)->epoch, 2);  // 0.1
  EXPECT_EQ(best_epoch(run)->why, "lowest val_loss");
}

}  // namespace
}  // namespace fer
