#include "eval/evaluate.h"

#include <gtest/gtest.h>

#include "config/config.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/temporary_folder.h"
#include "data/source.h"
#include "leaderboard/ledger.h"
#include "metrics/predictions.h"
#include "models/registry.h"
#include "train/checkpoint.h"
#include "train/device.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

Json audit_with(const char* pair, int64_t exact) {
  Json audit = {{"cross_split",
                 {{"train-test", {{"exact", 0}, {"share", 0.0}}},
                  {"train-val", {{"exact", 0}, {"share", 0.0}}},
                  {"val-test", {{"exact", 0}, {"share", 0.0}}}}}};
  audit["cross_split"][pair]["exact"] = exact;
  return audit;
}

TEST(RefuseLeak, NamesTheSplitsAndTheWayOut) {
  EXPECT_EQ(
      error_text(
          [] { refuse_leak(audit_with("train-val", 3), Protocol::kRandom); }),
      "[audit] expected no photograph in two splits; got 3 exact copies "
      "and 0 near twins between train-val (data.split.protocol: random). "
      "Use protocol clean, official_clean or kfold, or random with "
      "group_duplicates: true; `ferbench data audit EXPERIMENT --out DIR` "
      "shows them.");
  for (const char* pair : {"train-test", "train-val", "val-test"}) {
    EXPECT_THROW(refuse_leak(audit_with(pair, 1), Protocol::kRandom), DataError)
        << pair;
  }
}

TEST(RefuseLeak, SeesNearTwinsToo) {
  Json audit = audit_with("train-test", 0);
  audit["cross_split"]["train-test"]["near"] = 2;
  EXPECT_THROW(refuse_leak(audit, Protocol::kClean), DataError);
  EXPECT_NO_THROW(refuse_leak(audit, Protocol::kOfficial));
  audit["cross_split"]["train-test"]["near"] = nullptr;  // not searched
  EXPECT_NO_THROW(refuse_leak(audit, Protocol::kClean));
}

TEST(RefuseLeak, LetsTheLeakyProtocolsLeak) {
  EXPECT_NO_THROW(refuse_leak(audit_with("train-test", 9), Protocol::kReport));
  EXPECT_NO_THROW(refuse_leak(audit_with("train-test", 9), Protocol::kFolders));
  EXPECT_NO_THROW(
      refuse_leak(audit_with("train-test", 9), Protocol::kOfficial));
  EXPECT_NO_THROW(refuse_leak(audit_with("train-test", 0), Protocol::kRandom));
}

// A run as training leaves it: 40 drawn faces of 16 pixels, fresh weights.
class EvaluateRun : public testing::Test {
 protected:
  EvaluateRun() {
    config_.data.classes = {"happy", "sad"};
    config_.data.image_size = 16;
    config_.data.cache.clear();
    config_.data.synthetic.images = 40;
    config_.report.samples = 4;
    config_.experiment.name = "tiny";
    config_.experiment.results = folder_.path() / "results";
    config_.train.device = DeviceKind::kCpu;
    config_.train.threads = 1;
    prepare_process(config_.train);
    config_.evaluate.batch_size = 3;
    images_ = load_images(config_.data, true);
    split_ = make_split(images_, config_.data);
    RunFolder::create(path(), config_, "ferbench run");
  }

  fs::path path() const { return folder_.path() / "run"; }

  void save(const std::string& name, uint64_t seed, int epoch) {
    TensorFile file;
    add_model(file, *make_model(config_.model, {1, 16, 2}, seed));
    CheckpointStore(path() / "checkpoints")
        .save(name, std::move(file), {{"epoch", epoch}});
  }

  Json evaluate(const std::vector<std::string>& splits) {
    return evaluate_run(RunFolder::open(path()), images_, split_, splits,
                        DeviceKind::kCpu);
  }

  TemporaryFolder folder_;
  Config config_;
  ImageSet images_;
  Split split_;
};

TEST_F(EvaluateRun, WritesPredictionsMetricsAndSamples) {
  save("best", 1, 7);
  const Json metrics = evaluate({"val", "test"});
  for (const std::string part : {"val", "test"}) {
    const auto& rows = split_.rows(part);
    const Predictions p =
        read_predictions(path() / ("predictions-" + part + ".csv"));
    ASSERT_EQ(p.size(), rows.size());
    int64_t right = 0;
    for (size_t i = 0; i < p.size(); ++i) {
      EXPECT_EQ(p.ids[i], images_.ids[static_cast<size_t>(rows[i])]);
      right += p.labels[i] == p.predicted[i] ? 1 : 0;
    }
    EXPECT_EQ(metrics[part]["n"], rows.size());
    EXPECT_DOUBLE_EQ(
        metrics[part]["accuracy"],
        static_cast<double>(right) / static_cast<double>(rows.size()));
    EXPECT_EQ(read_json(path() / ("samples-" + part + ".json")).size(), 4u);
  }
  EXPECT_EQ(metrics["protocol"], "random");
  EXPECT_EQ(metrics["checkpoint"], "best");
  EXPECT_EQ(metrics["checkpoint_epoch"], 7);
  EXPECT_EQ(read_json(path() / "metrics.json"), metrics);
  EXPECT_FALSE(fs::exists(path() / "predictions-train.csv"));
}

TEST_F(EvaluateRun, KeepsTheObjectsOfOtherSplits) {
  save("best", 1, 7);
  const Json before = evaluate({"val", "test"});
  const Json after = evaluate({"train"});
  EXPECT_EQ(after["val"], before["val"]);
  EXPECT_EQ(after["test"], before["test"]);
  EXPECT_EQ(after["train"]["n"], split_.train.size());
}

TEST_F(EvaluateRun, WritesTheSameBytesTwice) {
  save("best", 1, 7);
  evaluate({"test"});
  const char* const names[] = {"predictions-test.csv", "samples-test.json",
                               "metrics.json"};
  std::vector<std::string> before;
  for (const char* name : names) before.push_back(read_file(path() / name));
  evaluate({"test"});
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(read_file(path() / names[i]), before[i]) << names[i];
}

TEST_F(EvaluateRun, TakesTheCheckpointThatIsAskedFor) {
  save("best", 1, 7);
  save("last", 2, 9);
  const auto predictions = [&] {
    return read_file(path() / "predictions-test.csv");
  };
  evaluate({"test"});
  const std::string best = predictions();
  config_.evaluate.checkpoint = CheckpointKind::kLast;
  write_file(path() / "config.yaml", to_yaml(config_));
  EXPECT_EQ(evaluate({"test"})["checkpoint_epoch"], 9);
  EXPECT_NE(predictions(), best);
}

TEST_F(EvaluateRun, FallsBackToLastWhereNoBestWasKept) {
  save("last", 2, 9);
  EXPECT_EQ(evaluate({"test"})["checkpoint"], "last");
}

TEST_F(EvaluateRun, SaysWhatTheAuditSaidOfTheTestSet) {
  save("best", 1, 7);
  EXPECT_EQ(evaluate({"test"})["leaky"], false);
  write_json(
      path() / "audit.json",
      {{"cross_split", {{"train-test", {{"exact", 2}, {"share", 0.5}}}}}});
  const Json metrics = evaluate({"test"});
  EXPECT_EQ(metrics["leaky"], true);
  EXPECT_EQ(metrics["leaky_share"], 0.5);
}

TEST_F(EvaluateRun, SaysWhereItsNumbersComeFrom) {
  save("best", 1, 7);
  write_file(path() / "history.csv",
             "epoch,seconds,images_per_second\n1,2.5,100\n2,1.5,300\n");
  const Json metrics = evaluate({"test"});
  EXPECT_EQ(metrics["experiment"], "tiny");
  EXPECT_EQ(metrics["seed"], 42);
  EXPECT_EQ(metrics["data"]["fingerprint"], images_.fingerprint);
  EXPECT_EQ(metrics["data"]["source"], "synthetic");
  EXPECT_EQ(metrics["model"]["name"], "fernet");
  EXPECT_EQ(metrics["device"], "CPU, 1 thread");
  EXPECT_EQ(metrics["precision"], "fp32");
  EXPECT_EQ(metrics["train_seconds"], 4.0);
  // Equally many images an epoch: 2 / (1 / 100 + 1 / 300).
  EXPECT_DOUBLE_EQ(metrics["images_per_second"].get<double>(), 150.0);
  EXPECT_EQ(metrics["test"]["predictions_sha256"],
            sha256(read_file(path() / "predictions-test.csv")));
}

TEST_F(EvaluateRun, CountsEachLookAtTheTestSplitAndNoOther) {
  save("best", 1, 7);
  evaluate({"val", "train"});
  EXPECT_TRUE(read_ledger(config_.experiment.results).empty());
  const Json metrics = evaluate({"val", "test"});
  evaluate({"test"});
  const auto ledger = read_ledger(config_.experiment.results);
  ASSERT_EQ(ledger.size(), 2u);
  EXPECT_EQ(ledger[0].experiment, "tiny");
  EXPECT_EQ(ledger[0].split, "test");
  EXPECT_EQ(ledger[0].value, metrics["test"]["accuracy"].get<double>());
}

TEST_F(EvaluateRun, NeedsACheckpoint) {
  EXPECT_EQ(error_text([&] { evaluate({"test"}); }),
            fmt::format("[run] expected a checkpoint; got none ({}). "
                        "Train first: `ferbench run`.",
                        (path() / "checkpoints").string()));
  EXPECT_FALSE(fs::exists(path() / "metrics.json"));
}

TEST_F(EvaluateRun, RefusesTheCheckpointOfAnotherModel) {
  TensorFile file;
  add_model(file, *make_model(config_.model, {1, 16, 7}, 1));
  CheckpointStore(path() / "checkpoints")
      .save("best", std::move(file), {{"epoch", 1}});
  EXPECT_EQ(error_text([&] { evaluate({"test"}); }),
            "[checkpoint] expected 'model/logits.weight' of shape [1, 128]; "
            "got [7, 128]. The checkpoint belongs to another model.");
}

TEST_F(EvaluateRun, ScoresNoOtherImagesThanTheRunsOwn) {
  save("best", 1, 7);
  write_json(path() / "audit.json", {{"fingerprint", std::string(64, 'f')}});
  EXPECT_TRUE(error_text([&] { evaluate({"test"}); })
                  .starts_with("[run] expected the images that the run was "
                               "made of, fingerprint ffffffffffffffff; got "));
  EXPECT_FALSE(fs::exists(path() / "predictions-test.csv"));
}

TEST_F(EvaluateRun, WritesTheAuditOfASoundSplit) {
  audit_run(path(), images_, split_, config_);
  EXPECT_EQ(read_json(path() / "audit.json")["images"], 40);
  Split leaky = split_;
  leaky.test.push_back(leaky.train.front());
  EXPECT_THROW(audit_run(path(), images_, leaky, config_), DataError);
}

TEST_F(EvaluateRun, ScoresTheOtherLabelSetBesideItsOwn) {
  save("best", 1, 1);
  images_.other.name = "ferplus";
  images_.other.labels.assign(images_.size(), 1);
  images_.other.labels[static_cast<size_t>(split_.test[0])] = -1;
  const Json metrics = evaluate({"test"});
  const Predictions own = read_predictions(path() / "predictions-test.csv");
  const Predictions others =
      read_predictions(path() / "predictions-test-ferplus.csv");
  ASSERT_EQ(others.size() + 1, own.size());
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_EQ(others.ids[i], own.ids[i + 1]);
    EXPECT_EQ(others.labels[i], 1);
    EXPECT_EQ(others.predicted[i], own.predicted[i + 1]);
    EXPECT_EQ(others.probability(i, 1), own.probability(i + 1, 1));
  }
  EXPECT_EQ(metrics.at("test-ferplus").at("n"), others.size());
  EXPECT_EQ(metrics.at("test").at("n"), own.size());
}

}  // namespace
}  // namespace fer
