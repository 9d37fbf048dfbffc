// A run that starts from the weights of another.
#include <gmock/gmock.h>

#include "tiny_experiment.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class StartingWeights : public TinyExperiment {
 protected:
  fs::path second() const { return folder() / "second"; }
  std::string checkpoint() const { return at("checkpoints/best.safetensors"); }

  Result start(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> options = {
        "--out", second().string(), "-s",
        "model.weights={file: " + checkpoint() + "}"};
    options.insert(options.end(), more.begin(), more.end());
    return run_verb({"run"}, options);
  }
};

TEST_F(StartingWeights, AreLoadedReportedAndNotAskedForAgain) {
  ASSERT_EQ(train().exit_code, 0);
  const Result result = start();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("weights: 62 of 62 tensors from best.safetensors "
                        "(ferbench)\n"));
  const Json report = read_json(second() / "weights.json");
  EXPECT_EQ(report["file"], checkpoint());
  EXPECT_EQ(report["loaded"].size(), 62u);
  EXPECT_EQ(report["new"], Json::array());
  // A run that goes on has its own weights by now.
  fs::remove(checkpoint());
  const Result resumed = fer::run({"run", (second() / "config.yaml").string(),
                                   "--resume", "--out", second().string()});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
}

TEST_F(StartingWeights, MayComeFromOtherClasses) {
  // Other faces too: weights must not have seen what the second run is tested
  // on.
  ASSERT_EQ(train({"-s", "data.classes=[angry, happy, sad]", "-s",
                   "data.synthetic.seed=9"})
                .exit_code,
            0);
  const Result result = start();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_json(second() / "weights.json")["new"],
            (Json{"logits.weight", "logits.bias"}));
}

TEST_F(StartingWeights, ThatCannotBeUsedLeaveNoFolder) {
  const Result missing = start();
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.last_error_line(),
              StartsWith("error: [file] expected a readable file; got 'No such "
                         "file or directory'"));
  write_file(checkpoint(), "no weights");
  const Result damaged = start({"--dry-run"});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.last_error_line(),
              StartsWith("error: [safetensors] expected a sound file; got a "
                         "header longer than the file"));
  EXPECT_FALSE(fs::exists(second()));
}

}  // namespace
}  // namespace fer
