// ferbench pretrain, and a run that starts from what it leaves.
#include <gmock/gmock.h>

#include <csignal>

#include "core/csv.h"
#include "core/text.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Pretrain : public TinyExperiment {
 protected:
  /// A vision transformer with four patches, of which one is seen; `more`
  /// has the last word.
  static std::vector<std::string> vit(const std::vector<std::string>& more) {
    std::vector<std::string> all;
    for (const char* setting :
         {"model.name=vit_tiny", "model.vit.patch_size=8",
          "pretrain.decoder_width=16", "pretrain.decoder_depth=1",
          "optimizer.learning_rate=1e-3"})
      all.insert(all.end(), {"-s", setting});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Result pretrain(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--out", first().string()});
    return run_verb({"pretrain"}, vit(more));
  }
  Result fine_tune(std::vector<std::string> more = {}) const {
    more.insert(more.end(),
                {"-s", "report.figures=false", "-s", "train.epochs=1", "-s",
                 "model.weights.file=" + checkpoint()});
    return train(vit(more));
  }
  fs::path first() const { return folder() / "first"; }
  std::string checkpoint() const {
    return (first() / "checkpoints/best.safetensors").string();
  }
};

TEST_F(Pretrain, LeavesAFolderThatAnotherRunStartsFrom) {
  const Result result = pretrain();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("model.weights.file=" + checkpoint()));
  for (const char* file :
       {"config.yaml", "environment.json", "audit.json", "trained_on.csv",
        "history.csv", "checkpoints/last.safetensors", "checkpoints/best.json",
        "figures/loss.svg", "figures/reconstructions-val.png", "report.html"})
    EXPECT_TRUE(fs::exists(first() / file)) << file;
  EXPECT_FALSE(fs::exists(first() / "metrics.json"));
  EXPECT_FALSE(fs::exists(first() / "figures/accuracy.svg"));
  const CsvTable history = read_csv(first() / "history.csv");
  ASSERT_EQ(history.rows.size(), 2u);
  EXPECT_EQ(history.rows[1][history.column("val_accuracy")], "");
  EXPECT_GT(std::stod(history.rows[1][history.column("val_loss")]), 0);
  EXPECT_THAT(result.err, testing::Not(HasSubstr("nan")));

  const Result second = fine_tune();
  ASSERT_EQ(second.exit_code, 0) << second.err;
  const Json weights = read_json(at("weights.json"));
  EXPECT_EQ(weights["new"], (Json{"head.weight", "head.bias"}));
  EXPECT_EQ(weights["left_over"], Json::array());
  const Json overlap = read_json(at("audit.json"))["weights_overlap"];
  EXPECT_EQ(overlap["trained_on"], 48);  // 60 less 6 of val and 6 of test
  EXPECT_EQ(overlap["test"]["seen"], 0);
}

TEST_F(Pretrain, CountsAsHavingSeenItsImagesWithoutLabels) {
  ASSERT_EQ(pretrain({"-s", "train.epochs=1"}).exit_code, 0);
  const Result result = fine_tune({"-s", "data.split.seed=1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error_line(),
              HasSubstr("[audit] expected weights that have not seen the "
                        "validation and test images; got "));
}

TEST_F(Pretrain, GoesOnWhereItWasInterrupted) {
  Program program(arguments(
      {"pretrain"}, vit({"--out", first().string(), "-s", "train.epochs=8"})));
  EXPECT_TRUE(
      wait_until(program, [&] { return fs::exists(first() / "history.csv"); }));
  program.send(SIGINT);
  const Result stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130);
  const std::string line = stopped.last_error_line();
  EXPECT_THAT(line, StartsWith("error: [train] interrupted "));
  const std::string how = "Go on with: ferbench ";
  ASSERT_THAT(line, HasSubstr(how + "pretrain "));
  const auto words = split(line.substr(line.find(how) + how.size()), ' ');
  ASSERT_EQ(run(words).exit_code, 0);

  const fs::path whole = folder() / "whole";
  ASSERT_EQ(run_verb({"pretrain"},
                     vit({"--out", whole.string(), "-s", "train.epochs=8"}))
                .exit_code,
            0);
  const CsvTable one = read_csv(first() / "history.csv"),
                 other = read_csv(whole / "history.csv");
  ASSERT_EQ(one.rows.size(), 8u);
  for (const char* column : {"train_loss", "val_loss"})
    for (size_t i = 0; i < 8; ++i)
      EXPECT_EQ(one.rows[i][one.column(column)],
                other.rows[i][other.column(column)]);
}

TEST_F(Pretrain, DryRunWritesNothing) {
  const auto before = listing(folder());
  const Result result = pretrain({"--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("one step of 16 images: loss "));
  EXPECT_THAT(result.out, EndsWith("dry run passed: nothing was written\n"));
  EXPECT_EQ(listing(folder()), before);
}

TEST_F(Pretrain, RefusesANetworkWithoutPatchesBeforeAFolderIsMade) {
  const Result result = run_verb({"pretrain"}, {"--out", first().string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.last_error_line(),
            "error: [pretrain] expected a vision transformer, whose patches "
            "can be hidden; got fernet (model.name). Take vit_tiny, vit_s16 or "
            "vit_b16, or train on labels: ferbench run.");
  EXPECT_FALSE(fs::exists(first()));
}

TEST_F(Pretrain, SaysWhenTheLossDiverged) {
  // Each step makes the weights 99 times as large.
  const Result result =
      pretrain({"-s", "optimizer.name=sgd", "-s", "optimizer.learning_rate=100",
                "-s", "optimizer.weight_decay=1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error_line(),
              StartsWith("error: [pretrain] expected a loss that stays a "
                         "number; got terminate_on_nan: "));
}

TEST_F(Pretrain, ItsRunHasNothingToEvaluate) {
  ASSERT_EQ(pretrain({"-s", "train.epochs=1"}).exit_code, 0);
  const Result result = run({"evaluate", first().string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error_line(),
              StartsWith("error: [run] expected a run that learned classes; "
                         "got one of `ferbench pretrain` ("));
}

}  // namespace
}  // namespace fer
