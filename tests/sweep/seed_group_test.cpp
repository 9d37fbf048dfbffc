#include "sweep/seed_group.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "config/config.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Seeds, CountFromTheExperimentsOwn) {
  ExperimentConfig experiment;
  EXPECT_THAT(chosen_seeds(experiment, 3), ElementsAre(42, 43, 44));
  EXPECT_THAT(chosen_seeds(experiment, 0), ElementsAre());
  experiment.seeds = {7, 1};
  EXPECT_THAT(chosen_seeds(experiment, 0), ElementsAre(7, 1));
  EXPECT_THAT(chosen_seeds(experiment, 1), ElementsAre(42));
}

TEST(Seeds, MustDiffer) {
  ExperimentConfig experiment;
  experiment.seeds = {3, 4, 3};
  EXPECT_EQ(error_text([&] { chosen_seeds(experiment, 0); }),
            "[seeds] expected different seeds; got 3 twice (experiment.seeds). "
            "Remove one: the same run again says nothing new.");
}

TEST(Seeds, MustFit) {
  ExperimentConfig experiment;
  experiment.seed = 4294967295;
  EXPECT_EQ(error_text([&] { chosen_seeds(experiment, 2); }),
            "[seeds] expected seeds up to 4294967295; got 2 from "
            "experiment.seed = 4294967295 on. Set a smaller experiment.seed.");
}

class Group : public testing::Test {
 protected:
  fs::path file(const std::string& text = "train: {epochs: 2}\n") const {
    return folder_.write("x.yaml", text);
  }
  std::vector<std::string> names(const SeedGroup& group) const {
    std::vector<std::string> names;
    for (const Member& member : group.members) names.push_back(member.name);
    return names;
  }
  /// A member that is done, with these scores.
  void finish(Member& member, double accuracy, const std::string& auc) const {
    member.state = MemberState::kDone;
    write_file(member.run_dir / "metrics.json",
               fmt::format(R"({{"protocol": "clean", "leaky": true,
 "leaky_share": 0.25, "test": {{"n": 200, "accuracy": {}, "macro_f1": 0.5,
 "auc": {}}}}})",
                           accuracy, auc));
  }

  TemporaryFolder folder_;
};

TEST_F(Group, HasAFolderPerSeed) {
  const SeedGroup group = make_seed_group(
      file(), {"experiment.runs=r", "train.epochs=3"}, {42, 43}, 0, "");
  EXPECT_EQ(group.name, "x");
  EXPECT_EQ(group.folder, "r/x");
  EXPECT_THAT(names(group), ElementsAre("seed-42", "seed-43"));
  const Member& member = group.members[1];
  EXPECT_EQ(member.run_dir, "r/x/seed-43");
  EXPECT_EQ(member.config.experiment.seed, 43);
  EXPECT_EQ(member.config.train.epochs, 3);
  EXPECT_THAT(member.settings,
              ElementsAre("experiment.runs=r", "train.epochs=3",
                          "experiment.seeds=[]", "experiment.seed=43"));
}

TEST_F(Group, MakesNoGroupsOfItsMembers) {
  const SeedGroup group = make_seed_group(file("experiment: {seeds: [1, 2]}\n"),
                                          {}, {1, 2}, 0, "g");
  for (const Member& member : group.members)
    EXPECT_TRUE(member.config.experiment.seeds.empty());
}

const std::string kFolds = "data: {split: {protocol: kfold, folds: 3}}\n";

TEST_F(Group, HasAFolderPerFold) {
  const SeedGroup group = make_seed_group(file(kFolds), {}, {}, 3, "g");
  EXPECT_THAT(names(group), ElementsAre("fold-0", "fold-1", "fold-2"));
  EXPECT_EQ(group.members[2].config.data.split.fold, 2);
  EXPECT_THAT(group.scored(), ElementsAre("g/out_of_fold"));
}

TEST_F(Group, HasFoldsInsideSeeds) {
  const SeedGroup group = make_seed_group(file(kFolds), {}, {5, 6}, 2, "g");
  EXPECT_THAT(names(group), ElementsAre("seed-5/fold-0", "seed-5/fold-1",
                                        "seed-6/fold-0", "seed-6/fold-1"));
  EXPECT_THAT(group.scored(),
              ElementsAre("g/seed-5/out_of_fold", "g/seed-6/out_of_fold"));
}

TEST_F(Group, RunsAllFoldsUnlessOneIsNamed) {
  EXPECT_EQ(folds_to_run(file(kFolds), {}), 3);
  EXPECT_EQ(folds_to_run(file(kFolds), {"data.split.folds=4"}), 4);
  EXPECT_EQ(folds_to_run(file(kFolds), {"data.split.fold=0"}), 0);
  EXPECT_EQ(folds_to_run(file("train: {epochs: 2}\n"), {}), 0);
  EXPECT_EQ(
      folds_to_run(file("data: {split: {protocol: kfold, fold: 0}}\n"), {}), 0);
  folder_.write("base.yaml", kFolds);
  EXPECT_EQ(folds_to_run(file("extends: base.yaml\n"), {}), 3);
}

TEST_F(Group, SummarisesItsSeeds) {
  SeedGroup group = make_seed_group(file(), {}, {1, 2, 3, 4}, 0, folder_ / "g");
  finish(group.members[0], 0.7, "0.9");
  finish(group.members[1], 0.8, "0.9");
  finish(group.members[2], 0.9, "null");
  group.members[3].state = MemberState::kFailed;
  group.members[3].fault = "exit code 1";
  const Json json = group_json(group);
  EXPECT_EQ(json["experiment"], "x");
  EXPECT_EQ(json["seeds"], (Json{1, 2, 3, 4}));
  EXPECT_EQ(json["folds"], nullptr);
  EXPECT_EQ(json["members"][3]["state"], "failed");
  EXPECT_EQ(json["members"][3]["fault"], "exit code 1");
  const Json& test = json["summary"]["test"];
  EXPECT_EQ(test["of"], (Json{"seed-1", "seed-2", "seed-3"}));
  const Json& accuracy = test["accuracy"];
  EXPECT_EQ(accuracy["n"], 3);
  EXPECT_NEAR(accuracy["mean"], 0.8, 1e-12);
  EXPECT_NEAR(accuracy["std"], 0.1, 1e-12);
  // t(2 degrees, 97.5 %) = 4.302653; times 0.1 / sqrt(3): 0.248414
  EXPECT_NEAR(accuracy["interval"][0], 0.8 - 0.248414, 1e-6);
  EXPECT_NEAR(accuracy["interval"][1], 0.8 + 0.248414, 1e-6);
  EXPECT_FALSE(test.contains("auc"));  // seed-3 has none
  EXPECT_FALSE(json["summary"].contains("val"));
}

TEST_F(Group, PrintsItsSummary) {
  SeedGroup group = make_seed_group(file(), {}, {1, 2}, 0, folder_ / "g");
  finish(group.members[0], 0.7, "0.9");
  finish(group.members[1], 0.8, "0.9");
  const std::string text = group_text(group_json(group));
  EXPECT_THAT(text, HasSubstr("test split, 200 images, 2 runs\n"));
  // std = 0.1 / sqrt(2) = 0.0707; t(1) = 12.7062: 0.75 +- 0.6353
  EXPECT_THAT(text,
              HasSubstr("            mean     std     95 % interval  seed-1  "
                        "seed-2\n"
                        "accuracy  0.7500  0.0707  0.1147 to 1.3853  0.7000  "
                        "0.8000\n"));
  EXPECT_THAT(text, HasSubstr("protocol: clean; leaky: 25.0 % of the test "
                              "images have a copy in training\n"));
}

TEST_F(Group, HasNoSpreadWithOneSeed) {
  SeedGroup group = make_seed_group(file(), {}, {1}, 0, folder_ / "g");
  finish(group.members[0], 0.7, "0.9");
  const Json json = group_json(group);
  EXPECT_EQ(json["summary"]["test"]["accuracy"]["std"], nullptr);
  EXPECT_THAT(group_text(json), HasSubstr("accuracy  0.7000    -"));
}

TEST_F(Group, SaysNothingBeforeARunIsDone) {
  const SeedGroup group = make_seed_group(file(), {}, {1}, 0, folder_ / "g");
  EXPECT_TRUE(group_json(group)["summary"].empty());
  EXPECT_EQ(group_text(group_json(group)), "");
}

TEST_F(Group, OfFoldsNeedsTheTestSplit) {
  const fs::path x =
      file("data: {split: {protocol: kfold}}\nevaluate: {splits: [val]}\n");
  EXPECT_EQ(error_text([&] { make_seed_group(x, {}, {}, 3, "g"); }),
            "[folds] expected test among evaluate.splits, to score all folds "
            "as one; got val. Add it, or name one fold with data.split.fold.");
}

}  // namespace
}  // namespace fer
