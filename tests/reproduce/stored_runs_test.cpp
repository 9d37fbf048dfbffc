#include "reproduce/stored_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "experiment_folder.h"

namespace fer {
namespace {

using testing::HasSubstr;

ExperimentFolder seed(int number) {
  ExperimentFolder what;
  what.seed = number;
  return what;
}

TEST(FindRuns, FindsFoldersAtAnyDepthOnceEach) {
  const TemporaryFolder folder;
  write_experiment(folder / "results/report/fernet", seed(42));
  write_experiment(folder / "runs/report-fernet/seed-42", seed(42));
  write_experiment(folder / "runs/report-fernet/seed-43", seed(43));
  const auto runs = find_runs(
      {folder / "results", folder / "runs", folder / "no such folder"});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].path, folder / "results/report/fernet");
  EXPECT_EQ(runs[0].experiment, "report-fernet");
  EXPECT_EQ(runs[1].seed, 43);
}

TEST(FindRuns, NamesADamagedConfig) {
  const TemporaryFolder folder;
  write_experiment(folder / "a");
  folder.write("a/config.yaml", "experiment: [1, 2");
  EXPECT_THAT(error_text([&] { find_runs({folder.path()}); }),
              HasSubstr("a/config.yaml:1"));
}

TEST(LoadExperiment, TakesTheFirstNameThatHasRunsSeedsRising) {
  const TemporaryFolder folder;
  write_experiment(folder / "b", seed(7));
  write_experiment(folder / "a", seed(42));
  const auto stored = find_runs({folder.path()});
  const auto loaded = load_experiment(stored, {"nobody", "report-fernet"});
  EXPECT_EQ(loaded.experiment, "report-fernet");
  EXPECT_EQ(loaded.seeds, (std::vector<int64_t>{7, 42}));
  EXPECT_EQ(loaded.leaky_share(), 0.375);
  EXPECT_TRUE(load_experiment(stored, {"nobody"}).empty());
}

TEST(LoadExperiment, RefusesPredictionsThatWereNotScored) {
  const TemporaryFolder folder;
  write_experiment(folder / "a");
  const auto path = folder / "a/predictions-test.csv";
  write_predictions(path, predictions_of({91, 10, 9, 90}));
  const std::string tail = " (" + path.string() + "). Run `ferbench evaluate " +
                           (folder / "a").string() + "` to score them.";
  const auto load = [&] {
    load_experiment(find_runs({folder.path()}), {"report-fernet"});
  };
  EXPECT_EQ(error_text(load),
            "[reproduce] expected the predictions that metrics.json was "
            "computed from; got others: the SHA-256 differs" +
                tail);
  // An older run holds no hash: the counts tell.
  Json metrics = read_json(folder / "a/metrics.json");
  metrics["test"].erase("predictions_sha256");
  write_json(folder / "a/metrics.json", metrics);
  EXPECT_EQ(error_text(load),
            "[reproduce] expected the predictions that metrics.json was "
            "computed from; got others: 9 times sad taken for happy instead of "
            "10" +
                tail);
}

TEST(LoadExperiment, RefusesNaNInPredictions) {
  const TemporaryFolder folder;
  write_experiment(folder / "a");
  folder.write("a/predictions-test.csv",
               "id,label,predicted,p_happy,p_sad\nx,sad,sad,nan,0.5\n");
  EXPECT_THAT(error_text([&] {
                load_experiment(find_runs({folder.path()}), {"report-fernet"});
              }),
              HasSubstr("predictions-test.csv"));
}

TEST(LoadExperiment, RefusesSeedsOfOtherClassesOrImages) {
  const TemporaryFolder folder;
  write_experiment(folder / "a", seed(1));
  ExperimentFolder other = seed(2);
  other.classes = {"joy", "sad"};
  write_experiment(folder / "b", other);
  const auto load = [&] {
    load_experiment(find_runs({folder.path()}), {"report-fernet"});
  };
  EXPECT_THAT(error_text(load),
              HasSubstr("Compared: " + (folder / "a").string() + " and " +
                        (folder / "b").string()));
  other = seed(2);
  other.test = {90, 10, 10, 91};
  write_experiment(folder / "b", other);
  EXPECT_THAT(error_text(load), HasSubstr("split test"));
}

TEST(LoadExperiment, PutsRowsInTheOrderOfTheFirstSeed) {
  const TemporaryFolder folder;
  write_experiment(folder / "a", seed(1));
  write_experiment(folder / "b", seed(2));
  Predictions turned = predictions_of({90, 10, 10, 90});
  std::swap(turned.ids.front(), turned.ids[1]);
  write_predictions(folder / "b/predictions-test.csv", turned);
  score_again(folder / "b");
  const auto loaded =
      load_experiment(find_runs({folder.path()}), {"report-fernet"});
  EXPECT_EQ(loaded.runs[1].predictions.at("test").ids,
            loaded.runs[0].predictions.at("test").ids);
}

TEST(FindRuns, TakesOutOfFoldForItsFolds) {
  const TemporaryFolder folder;
  for (const char* name : {"fold-0", "fold-1", "out_of_fold"})
    write_experiment(folder / "kfold" / name, seed(42));
  std::filesystem::remove(folder / "kfold/out_of_fold/config.yaml");
  Json metrics = read_json(folder / "kfold/out_of_fold/metrics.json");
  metrics["experiment"] = "report-fernet";
  metrics["seed"] = 42;
  write_json(folder / "kfold/out_of_fold/metrics.json", metrics);
  const auto runs = find_runs({folder.path()});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].path, folder / "kfold/out_of_fold");
  EXPECT_EQ(runs[0].experiment, "report-fernet");
  EXPECT_EQ(runs[0].seed, 42);
}

TEST(FindRuns, PrefersTheRunWithMoreSplits) {
  const TemporaryFolder folder;
  for (const char* name : {"results/a", "runs/b"})
    write_experiment(folder / name, seed(42));
  std::filesystem::copy_file(folder / "runs/b/predictions-val.csv",
                             folder / "runs/b/predictions-train.csv");
  const auto runs = find_runs({folder / "results", folder / "runs"});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].path, folder / "runs/b");
}

}  // namespace
}  // namespace fer
