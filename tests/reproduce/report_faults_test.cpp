#include "reproduce/report_faults.h"

#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "experiment_folder.h"

namespace fer {
namespace {

struct Loaded {
  TemporaryFolder folder;
  ExperimentRuns report, wrong;
  std::vector<FaultInput> models;

  explicit Loaded(bool with_wrong) {
    ExperimentFolder what;
    what.test = {8, 2, 4, 6};
    what.val = {9, 1, 1, 9};
    write_experiment(folder / "report", what);
    what.name = "wrong";
    what.test = {6, 6, 6, 2};
    if (with_wrong) write_experiment(folder / "wrong", what);
    const auto stored = find_runs({folder.path()});
    report = load_experiment(stored, {"report-fernet"});
    wrong = load_experiment(stored, {"wrong"});
    models = {{"Fernet", "sad", "experiments/f.yaml", &report, &wrong}};
  }
};

// val_accuracy .5 .9 .4 .8: the lowest is epoch 3, the highest epoch 2.
TEST(CheckpointDirection, ComparesTheEpochsThatBothDirectionsKeep) {
  const Loaded loaded(true);
  const ReportFault fault = checkpoint_direction(loaded.models);
  ASSERT_EQ(fault.table.size(), 2u);
  EXPECT_EQ(fault.table[1],
            (std::vector<std::string>{"Fernet, seed 42", "40.0 % (epoch 3)",
                                      "90.0 % (epoch 2)", "50.0 points",
                                      "70.0 %", "40.0 %"}));
  EXPECT_TRUE(fault.commands.empty());
}

TEST(CheckpointDirection, GivesTheCommandForARunThatIsMissing) {
  const Loaded loaded(false);
  const ReportFault fault = checkpoint_direction(loaded.models);
  EXPECT_EQ(fault.table[1].back(), "not run");
  ASSERT_EQ(fault.commands.size(), 1u);
  EXPECT_EQ(fault.commands[0],
            "ferbench run experiments/f.yaml -s "
            "experiment.name=report-fernet-wrong-direction -s "
            "callbacks.model_checkpoint.mode=min -s "
            "callbacks.model_checkpoint.allow_wrong_direction=true");
}

TEST(CheckpointDirection, LeavesOutModelsWithoutACheckpoint) {
  Loaded loaded(false);
  loaded.models[0].wrong_direction = nullptr;
  const ReportFault fault = checkpoint_direction(loaded.models);
  EXPECT_EQ(fault.table.size(), 1u);
  EXPECT_TRUE(fault.commands.empty());
}

// Scores of .9 and .1 alone: both areas are the mean of recall and specificity,
// (.9 + .9) / 2 on val and (2/3 + 3/4) / 2 on test.
TEST(HardLabelAuc, ShowsBothAreasOfEachSplit) {
  const Loaded loaded(false);
  const ReportFault fault = hard_label_auc(loaded.models);
  ASSERT_EQ(fault.table.size(), 3u);
  EXPECT_EQ(fault.table[1],
            (std::vector<std::string>{"Fernet, seed 42", "val", "0.9000",
                                      "0.9000", "+0.0000"}));
  EXPECT_EQ(fault.table[2][2], "0.7083");
}

// 0.375 of 20 rows.
TEST(LeakingSplit, CountsTheRows) {
  const Loaded loaded(false);
  EXPECT_EQ(leaking_split(loaded.models).table[1],
            (std::vector<std::string>{"Fernet", "20", "8", "37.5 %"}));
}

TEST(ArbitraryClusters, WaitForTheSongs) {
  const ReportFault fault = arbitrary_clusters("/no/such.json");
  EXPECT_EQ(fault.table[1].back(), "not run");
  EXPECT_FALSE(fault.commands.empty());
}

TEST(ArbitraryClusters, CountTheSeedsThatSwapTheNames) {
  const TemporaryFolder folder;
  const auto file = folder.write("clusters.json", R"({"table_songs": 10,
    "missing_features": ["mode"],
    "seeds": [{"swapped": false, "served_right": 0.75},
              {"swapped": true, "served_right": 0.25}],
    "agreement": {"served_right": 0.75, "adjusted_rand_index": 0.5}})");
  const ReportFault fault = arbitrary_clusters(file);
  EXPECT_EQ(fault.table[1].back(), "10");
  EXPECT_EQ(fault.table[2].back(), "50.0 %");
  EXPECT_EQ(fault.table[3].back(), "25.0 % to 75.0 %");
  EXPECT_EQ(fault.table.back().back(), "mode");
  EXPECT_TRUE(fault.commands.empty());
  const auto other = folder.write("other.json", "{}");
  EXPECT_EQ(
      error_text([&] { arbitrary_clusters(other); }),
      "[reproduce] expected what `ferbench songs clusters --json` prints; "
      "got something else (" +
          other.string() + "). Make it again, or remove it.");
}

TEST(ReportFaults, AreEmptyTablesWithoutRuns) {
  EXPECT_EQ(checkpoint_direction({}).table.size(), 1u);
  EXPECT_EQ(hard_label_auc({}).table.size(), 1u);
}

}  // namespace
}  // namespace fer
