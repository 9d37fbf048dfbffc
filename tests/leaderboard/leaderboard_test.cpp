#include "leaderboard/leaderboard.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board_fixture.h"
#include "core/file.h"
#include "core/text.h"

namespace fer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Leaderboard : public testing::Test {
 protected:
  fs::path run(const std::string& name, RunSpec spec = {}) {
    write_run(folder_ / name, spec);
    return folder_ / name;
  }
  std::string refusal() {
    return error_text([&] { rebuild(results_); });
  }

  TemporaryFolder folder_;
  fs::path results_ = folder_ / "results";
};

TEST_F(Leaderboard, IsMadeFromTheRuns) {
  EXPECT_EQ(add_run(results_, run("a", {.seed = 1})), AddOutcome::kAdded);
  EXPECT_EQ(add_run(results_, run("b", {.seed = 2})), AddOutcome::kAdded);
  const auto rows = read_leaderboard(results_);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].seeds.size(), 2u);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(results_))
    files.push_back(entry.path().filename().string());
  EXPECT_THAT(files, testing::UnorderedElementsAre(
                         ".leaderboard.lock", "leaderboard.csv",
                         "leaderboard.html", "leaderboard.md", "runs.csv"));
  EXPECT_TRUE(read_file(results_ / "runs.csv")
                  .starts_with("experiment,protocol,dataset,test_set,seed,run,"
                               "predictions_sha256,started,added,"));
}

TEST_F(Leaderboard, IsTheSameAgain) {
  add_run(results_, run("a"));
  add_run(results_, run("b", {.experiment = "beta"}));
  std::map<std::string, std::string> before;
  for (const char* name :
       {"runs.csv", "leaderboard.csv", "leaderboard.md", "leaderboard.html"})
    before[name] = read_file(results_ / name);
  rebuild(results_);
  add_run(results_, folder_ / "a");
  for (const auto& [name, text] : before)
    EXPECT_EQ(read_file(results_ / name), text) << name;
}

TEST_F(Leaderboard, LosesNothingWhenProcessesAddAtOnce) {
  for (int i = 0; i < 4; ++i)
    run(std::to_string(i), {.experiment = fmt::format("e{}", i), .images = 30});
  ASSERT_TRUE(in_processes(
      4, [&](int i) { add_run(results_, folder_ / std::to_string(i)); }));
  EXPECT_EQ(read_run_list(results_).size(), 4u);
  EXPECT_EQ(read_leaderboard(results_).size(), 4u);
}

TEST_F(Leaderboard, TakesAllRunsOrNone) {
  const auto good = run("a"), bad = run("b", {.experiment = "beta"});
  fs::remove(bad / "predictions-test.csv");
  EXPECT_THAT(error_text([&] {
                add_runs(results_, {good, bad});
              }),
              HasSubstr("expected predictions-test.csv; got none"));
  EXPECT_TRUE(read_run_list(results_).empty());
  EXPECT_FALSE(fs::exists(results_ / "leaderboard.csv"));
}

TEST_F(Leaderboard, RefusesChangedPredictions) {
  add_run(results_, run("a"));
  run("a", {.skill = 3});  // scored again, consistent in itself
  const std::string expected =
      "[leaderboard] expected the predictions that alpha, seed 42, stands on "
      "the board with, SHA-256 ";
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(expected),
                    HasSubstr("Restore the file, or add the run as it is now: "
                              "`ferbench leaderboard " +
                              (folder_ / "a").string() + " --add`.")));
  EXPECT_THAT(error_text([&] { read_leaderboard(results_); }),
              HasSubstr(expected));
  EXPECT_EQ(add_run(results_, folder_ / "a"), AddOutcome::kReplaced);
  EXPECT_EQ(refusal(), "no error");
}

TEST_F(Leaderboard, RefusesARunWhoseFolderIsGone) {
  add_run(results_, run("a"));
  add_run(results_, run("b", {.experiment = "beta"}));
  fs::rename(folder_ / "a", folder_ / "moved");
  EXPECT_THAT(
      refusal(),
      AllOf(HasSubstr("[leaderboard] expected the run folder of alpha, seed "
                      "42; got no such folder ("),
            HasSubstr("name its new place (`ferbench leaderboard RUN_DIR "
                      "--add`), or take it off (`ferbench leaderboard --remove "
                      "../a`).")));
  size_t absent = 0;
  EXPECT_EQ(read_leaderboard(results_, &absent).size(), 2u);
  EXPECT_EQ(absent, 1u);
  EXPECT_EQ(add_run(results_, folder_ / "moved"), AddOutcome::kKept);
  EXPECT_EQ(refusal(), "no error");
}

TEST_F(Leaderboard, CountsTheOtherRefusedRuns) {
  for (const char* name : {"a", "b", "c"})
    add_run(results_, run(name, {.experiment = name}));
  for (const char* name : {"a", "b"}) fs::remove_all(folder_ / name);
  EXPECT_THAT(refusal(),
              HasSubstr("(1 more of the 3 listed runs are refused.)"));
}

TEST_F(Leaderboard, KeepsAFinishedRunThoughAnotherIsGone) {
  add_run(results_, run("a"));
  fs::remove_all(folder_ / "a");
  const std::string before = read_file(results_ / "leaderboard.csv");
  EXPECT_THAT(
      error_text([&] { add_run(results_, run("b", {.experiment = "beta"})); }),
      HasSubstr("got no such folder"));
  EXPECT_EQ(read_run_list(results_).size(), 2u);
  EXPECT_EQ(read_file(results_ / "leaderboard.csv"), before);
}

TEST_F(Leaderboard, RefusesAFolderThatNowHoldsAnotherSeed) {
  add_run(results_, run("a"));
  edit_file(folder_ / "a" / "metrics.json", "\"seed\": 42", "\"seed\": 43");
  EXPECT_THAT(refusal(),
              HasSubstr("[leaderboard] expected the run of alpha, seed 42, "
                        "clean; got one of alpha, seed 43, clean ("));
}

TEST_F(Leaderboard, TakesRunsOff) {
  for (int seed : {1, 2})
    add_run(results_, run(fmt::format("a{}", seed), {.seed = seed}));
  add_run(results_, run("b", {.experiment = "beta"}));
  fs::remove_all(folder_ / "a1");  // the reason why one is taken off
  EXPECT_EQ(remove_runs(results_, (folder_ / "a1").string()), 1u);
  EXPECT_EQ(remove_runs(results_, "../a2"), 1u);
  EXPECT_EQ(read_leaderboard(results_).size(), 1u);
  EXPECT_THAT(error_text([&] { remove_runs(results_, "betta"); }),
              HasSubstr("[leaderboard] expected an experiment or a run folder "
                        "of the board; got 'betta', did you mean beta? ("));
  EXPECT_EQ(remove_runs(results_, "beta"), 1u);
  EXPECT_TRUE(read_leaderboard(results_).empty());
}

TEST_F(Leaderboard, LeavesForeignAndDamagedFilesAlone) {
  fs::create_directories(results_);
  for (const char* name : {"runs.csv", "leaderboard.csv"}) {
    write_file(results_ / name, "team,points\nA,3\n");
    EXPECT_THAT(error_text([&] { add_run(results_, run("a")); }),
                AllOf(HasSubstr("[leaderboard] expected the columns "),
                      HasSubstr("got 'team,points'"),
                      HasSubstr(std::string(name) + ":1:1)")));
    EXPECT_EQ(read_file(results_ / name), "team,points\nA,3\n");
    fs::remove(results_ / name);
  }
  add_run(results_, folder_ / "a");
  edit_file(results_ / "runs.csv", ",42,", ",forty-two,");
  EXPECT_THAT(refusal(), HasSubstr("expected a whole number in column seed; "
                                   "got 'forty-two' ("));
}

TEST_F(Leaderboard, ShowsRunsBesideItsOwnWithoutKeepingThem) {
  add_run(results_, run("a"));
  const std::string before = read_file(results_ / "runs.csv");
  EXPECT_EQ(preview(results_, {run("b", {.experiment = "beta"})}).size(), 2u);
  EXPECT_EQ(read_file(results_ / "runs.csv"), before);
}

TEST_F(Leaderboard, FindsRunsUnderAFolder) {
  run("runs/x/seed-1");
  run("runs/x/seed-2");
  run("runs/deep/a/b");
  run("runs/k/fold-0");
  run("runs/k/out_of_fold");
  fs::create_directories(folder_ / "runs/empty");
  std::vector<std::string> found;
  for (const fs::path& path : find_runs(folder_ / "runs"))
    found.push_back(path.lexically_relative(folder_.path()).string());
  EXPECT_THAT(found, testing::ElementsAre("runs/deep/a/b", "runs/k/out_of_fold",
                                          "runs/x/seed-1", "runs/x/seed-2"));
  EXPECT_EQ(find_runs(folder_ / "runs/k/fold-0").size(), 1u)
      << "what is named is taken";
  EXPECT_THAT(error_text([&] { find_runs(folder_ / "runs/empty"); }),
              HasSubstr("[leaderboard] expected run folders with metrics.json "
                        "and predictions-test.csv; got a folder without any"));
}

TEST_F(Leaderboard, TakesTheCommittedResults) {
  const fs::path committed = fs::path(FERBENCH_SOURCE_DIR) / "results";
  add_runs(results_, {committed / "report/fernet_bf16/seed-42",
                      committed / "report/fernet_tuned_bf16/seed-42",
                      committed / "clean/fernet_random/seed-42"});
  const auto tables =
      rank_board(read_leaderboard(results_), board_metric("accuracy"));
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].protocol, "random");
  EXPECT_EQ(tables[1].rows[0].experiment, "report-fernet-tuned-bf16");
  EXPECT_EQ(tables[1].rows[1].standing, Standing::kTied);
}

TEST_F(Leaderboard, StaysReadableWhateverANameHolds) {
  const fs::path a = run("a");
  edit_file(a / "metrics.json", "\"alpha\"", "\"al\\npha\"");
  add_run(results_, a);
  const auto rows = read_leaderboard(results_);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].experiment, "al pha");
}

TEST_F(Leaderboard, MayLieBehindALink) {
  fs::create_directories(folder_ / "deep/er/results");
  fs::create_directory_symlink("deep/er/results", results_);
  EXPECT_EQ(add_run(results_, run("a")), AddOutcome::kAdded);
  EXPECT_EQ(read_leaderboard(results_).size(), 1u);
}

}  // namespace
}  // namespace fer
