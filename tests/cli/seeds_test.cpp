// One experiment, several seeds or folds: a run folder each, made by children
// of the program.
#include <gmock/gmock.h>

#include <csignal>

#include "core/csv.h"
#include "run_state.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class RunSeeds : public TinyExperiment {
 protected:
  fs::path group() const { return folder() / "runs/tiny"; }
  fs::path seed(int s) const { return group() / fmt::format("seed-{}", s); }

  /// One group at a time lies in group().
  Result run_seeds(const std::vector<std::string>& more = {}) {
    return run_verb({"run"}, with_quick(more));
  }
  std::vector<std::string> with_quick(std::vector<std::string> more) const {
    more.insert(more.end(), {"-s", "report.figures=false"});
    return more;
  }
  Json summary() const { return read_json(group() / "group.json"); }
  std::vector<std::string> states() const {
    std::vector<std::string> states;
    const Json json = summary();
    for (const Json& member : json["members"])
      states.push_back(member["state"]);
    return states;
  }
};

TEST_F(RunSeeds, MakeOneCompleteRunFolderEach) {
  const Result result = run_seeds({"--seeds", "3", "--jobs", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (int s = 42; s < 45; ++s) {
    for (const char* name : {"config.yaml", "metrics.json", "report.html",
                             "checkpoints/best.safetensors"})
      EXPECT_TRUE(fs::exists(seed(s) / name)) << seed(s) / name;
  }
  const Json json = summary();
  EXPECT_EQ(json["seeds"], (Json{42, 43, 44}));
  EXPECT_THAT(states(), ElementsAre("done", "done", "done"));
  const Json& values = json["summary"]["test"]["accuracy"]["values"];
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(values[i], read_json(seed(42 + static_cast<int>(i)) /
                                   "metrics.json")["test"]["accuracy"]);
  }
  EXPECT_THAT(result.out, HasSubstr("test split, 6 images, 3 runs"));
  EXPECT_THAT(result.out, HasSubstr("95 % interval"));
  EXPECT_THAT(result.err, HasSubstr("seed-44: running\n"));
  EXPECT_THAT(result.err, HasSubstr("seed-44: done after 2 epochs"));
}

// Beside others, in another process group and on a share of the machine, a run
// is what it is alone.
TEST_F(RunSeeds, EachIsTheRunThatThisSeedGivesAlone) {
  ASSERT_EQ(run_seeds({"--seeds", "2", "--jobs", "2"}).exit_code, 0);
  ASSERT_EQ(train({"-s", "experiment.seed=43", "-s", "report.figures=false"})
                .exit_code,
            0);
  expect_same_run(seed(43), run_dir());
}

TEST_F(RunSeeds, ComeFromTheExperimentToo) {
  const Result result =
      run_seeds({"-s", "experiment.seeds=[7, 3]", "-s", "train.epochs=1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(fs::exists(seed(7) / "metrics.json"));
  EXPECT_TRUE(fs::exists(seed(3) / "metrics.json"));
  EXPECT_EQ(run_seeds({"-s", "experiment.seeds=[3, 3]"}).last_error_line(),
            "error: [seeds] expected different seeds; got 3 twice "
            "(experiment.seeds). Remove one: the same run again says nothing "
            "new.");
}

TEST_F(RunSeeds, PrintTheSummaryAsJson) {
  const Result result = run_seeds({"--seeds", "2", "--json", "--quiet"});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.json(), summary());
}

TEST_F(RunSeeds, DoOnlyWhatIsNotDone) {
  ASSERT_EQ(run_seeds({"--seeds", "1"}).exit_code, 0);
  const auto before = listing(seed(42));
  const Result result = run_seeds({"--seeds", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(listing(seed(42)), before);
  EXPECT_THAT(result.err, Not(HasSubstr("seed-42: running")));
  EXPECT_THAT(result.out, HasSubstr("2 runs"));
}

TEST_F(RunSeeds, RefuseOtherSettingsInTheirFolder) {
  ASSERT_EQ(run_seeds({"--seeds", "1"}).exit_code, 0);
  const Result result = run_seeds({"--seeds", "2", "-s", "train.epochs=5"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error_line(),
              HasSubstr("error: [runs] expected the settings that seed-42 "
                        "began with; got others for train.epochs ("));
  EXPECT_FALSE(fs::exists(seed(43)));
}

TEST_F(RunSeeds, StopBeforeTheFirstChildWhereAllWouldFail) {
  const Result result =
      run_seeds({"--seeds", "2", "-s", "data.source=folder", "-s",
                 "data.path=" + (folder() / "none").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_FALSE(fs::exists(group()));
  EXPECT_THAT(result.err, Not(HasSubstr("running")));
}

TEST_F(RunSeeds, LoseOneRunToACrash) {
  // A folder where the run of one seed wants to write a file.
  fs::create_directories(seed(43) / "config.yaml.d");
  const Result result = run_seeds({"--seeds", "3"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(states(), ElementsAre("done", "failed", "done"));
  EXPECT_THAT(result.err, HasSubstr("seed-43 failed: exit code 1; "));
  EXPECT_THAT(result.err, HasSubstr("  error: [run] expected a new folder; "));
  EXPECT_THAT(result.last_error_line(),
              HasSubstr("error: [runs] expected 3 runs to end well; got 1 that "
                        "failed: seed-43 (exit code 1) ("));
  EXPECT_THAT(result.out, HasSubstr("2 runs"));
}

// Longer, so that a signal meets them at work.
const std::vector<std::string> kLong = {"--seeds", "2",  "--jobs",
                                        "2",       "-s", "train.epochs=12"};

TEST_F(RunSeeds, SaveTheirStateOnCtrlCAndGoOn) {
  Program program(arguments({"run"}, with_quick(kLong)), {.folder = folder()});
  ASSERT_TRUE(wait_until(program, [&] {
    return fs::exists(seed(42) / "history.csv") &&
           fs::exists(seed(43) / "history.csv");
  }));
  program.send(SIGINT);
  const Result stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130);
  EXPECT_THAT(stopped.last_error_line(),
              HasSubstr("error: [runs] interrupted; what had begun is saved. "
                        "Go on with the same command: ferbench run "));
  EXPECT_THAT(states(), ElementsAre("interrupted", "interrupted"));
  EXPECT_THAT(read_file(group() / "logs/seed-42.log"),
              HasSubstr("error: [train] interrupted "));
  const Result resumed = run_seeds(kLong);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(read_csv(seed(42) / "history.csv").rows.size(), 12u);
}

// Killed at any moment, the command goes on where it was, and ends with the
// bits of an unbroken one.
TEST_F(RunSeeds, GoOnAfterKill9WithTheSameBits) {
  const fs::path unbroken = folder() / "unbroken";
  std::vector<std::string> options = kLong;
  ASSERT_EQ(run_seeds(options).exit_code, 0);
  fs::rename(group(), unbroken);
  int kills = 0;
  for (const int rows : {0, 2, 5, 9}) {
    Program program(arguments({"run"}, with_quick(options)),
                    {.folder = folder()});
    const bool met = wait_until(program, [&] {
      const fs::path history = seed(42) / "history.csv";
      return rows == 0 ? fs::exists(seed(42))
                       : fs::exists(history) && read_csv(history).rows.size() >=
                                                    static_cast<size_t>(rows);
    });
    program.send(SIGKILL);
    kills += met && program.wait().signal == SIGKILL ? 1 : 0;
  }
  EXPECT_GE(kills, 3);
  const Result result = run_seeds(options);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (int s = 42; s < 44; ++s)
    expect_same_run(seed(s), unbroken / fmt::format("seed-{}", s));
}

TEST_F(RunSeeds, RunAllFoldsAndScoreThemAsOne) {
  const Result result = run_seeds({"-s", "data.split.protocol=kfold", "-s",
                                   "data.split.folds=3", "--jobs", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const CsvTable all = read_csv(group() / "out_of_fold/predictions-test.csv");
  EXPECT_EQ(all.rows.size(), 60u);  // every image once
  size_t rows = 0;
  for (int fold = 0; fold < 3; ++fold) {
    rows += read_csv(group() / fmt::format("fold-{}", fold) /
                     "predictions-test.csv")
                .rows.size();
  }
  EXPECT_EQ(rows, 60u);
  EXPECT_EQ(read_json(group() / "out_of_fold/metrics.json")["test"]["n"], 60);
  EXPECT_EQ(summary()["folds"], 3);
  EXPECT_THAT(result.out, HasSubstr("3 folds, each image predicted by the "
                                    "model that had not seen it"));
}

TEST_F(RunSeeds, RunOneFoldWhereItIsNamed) {
  const Result result =
      run_seeds({"-s", "data.split.protocol=kfold", "-s", "data.split.folds=3",
                 "-s", "data.split.fold=1", "-s", "train.epochs=1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(fs::exists(seed(42) / "metrics.json"));
  EXPECT_FALSE(fs::exists(group() / "fold-1"));
}

}  // namespace
}  // namespace fer
