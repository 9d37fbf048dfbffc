// A run that starts from another run's weights must not be tested on what those
// have seen.
#include <gmock/gmock.h>

#include "core/csv.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

class WeightsOverlap : public TinyExperiment {
 protected:
  fs::path first() const { return folder() / "first"; }

  void pretrain() const {
    const Result result =
        run_verb({"run"}, {"--out", first().string(), "-s", "train.epochs=1",
                           "-s", "report.figures=false"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  Result fine_tune(std::vector<std::string> more) const {
    more.insert(more.end(),
                {"-s",
                 "model.weights.file=" +
                     (first() / "checkpoints/best.safetensors").string(),
                 "-s", "report.figures=false", "-s", "train.epochs=2", "-s",
                 "train.fine_tune.freeze={\"(?!logits)\": 1}"});
    return train(more);
  }
};

TEST_F(WeightsOverlap, OfTheSameSplitIsNoneAndIsRecorded) {
  pretrain();
  EXPECT_EQ(read_json(first() / "audit.json")["weights_overlap"], nullptr);
  const CsvTable table = read_csv(first() / "trained_on.csv");
  EXPECT_EQ(table.rows.size(), 48u);  // 60 less 6 of val and 6 of test
  const Result result = fine_tune({});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("epoch 1: 2 of "));
  const Json overlap = read_json(at("audit.json"))["weights_overlap"];
  EXPECT_EQ(overlap["run"], first().string());
  EXPECT_EQ(overlap["trained_on"], 48);
  EXPECT_EQ(overlap["test"]["rows"], 6);
  EXPECT_EQ(overlap["test"]["seen"], 0);
  EXPECT_EQ(read_json(at("metrics.json"))["leaky"], false);
}

TEST_F(WeightsOverlap, OfAnotherSplitIsRefusedBeforeAFolderIsMade) {
  pretrain();
  const Result result = fine_tune({"-s", "data.split.seed=1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error_line(),
              HasSubstr("[audit] expected weights that have not seen the "
                        "validation and test images; got "));
  EXPECT_FALSE(fs::exists(run_dir()));
}

TEST_F(WeightsOverlap, UnderALeakyProtocolIsALeakLikeAnother) {
  pretrain();
  const Result result = fine_tune(
      {"-s", "data.split.protocol=report", "-s", "data.split.seed=1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json test = read_json(at("audit.json"))["weights_overlap"]["test"];
  EXPECT_GT(test["seen"], 0);
  EXPECT_GE(test["share_with_train"], test["share"]);
  const Json metrics = read_json(at("metrics.json"));
  EXPECT_EQ(metrics["leaky"], true);
  EXPECT_EQ(metrics["leaky_share"], test["share_with_train"]);
}

}  // namespace
}  // namespace fer
