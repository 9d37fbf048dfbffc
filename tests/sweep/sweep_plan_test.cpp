#include "sweep/sweep_plan.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {
using testing::HasSubstr;

const std::string kSpace = "space: {train.batch_size: [32, 64]}\n";

class Plan : public testing::Test {
 protected:
  SweepPlan load(const std::string& text) const {
    return load_sweep(folder_.write("s.yaml", text));
  }
  std::string fault(const std::string& text) const {
    std::string message = error_text([&] { load(text); });
    const std::string path = folder_.path().string() + "/";
    for (size_t at; (at = message.find(path)) != std::string::npos;)
      message.erase(at, path.size());
    return message;
  }

  TemporaryFolder folder_;
};

TEST_F(Plan, HoldsWhatTheFileSays) {
  const SweepPlan plan = load(
      "name: rates\nexperiment: exp/x.yaml\nsearch: random\ntrials: 3\n"
      "seed: 9\nmetric: val_accuracy\nhalving: {first_epoch: 2, eta: 4}\n"
      "space: {optimizer.learning_rate: {log_uniform: [1e-4, 1e-2]}}\n");
  EXPECT_EQ(plan.config.name, "rates");
  EXPECT_EQ(plan.config.experiment, folder_ / "exp/x.yaml");
  EXPECT_EQ(plan.config.metric, "val_accuracy");
  EXPECT_EQ(plan.config.seed, 9);
  EXPECT_EQ(plan.config.halving->first_epoch, 2);
  EXPECT_EQ(plan.config.halving->eta, 4);
  EXPECT_EQ(plan.trials.size(), 3u);
}

TEST_F(Plan, IsNamedAfterItsFile) {
  const SweepPlan plan = load("experiment: ../x.yaml\n" + kSpace);
  EXPECT_EQ(plan.config.name, "s");
  EXPECT_EQ(plan.config.experiment, folder_.path().parent_path() / "x.yaml");
  EXPECT_EQ(plan.config.metric, "val_loss");
  EXPECT_FALSE(plan.config.halving);
}

TEST_F(Plan, MayExtendAnother) {
  folder_.write("base.yaml", "experiment: x.yaml\ntrials: 1\n" + kSpace);
  const SweepPlan plan = load("extends: base.yaml\nhalving: {}\n");
  EXPECT_EQ(plan.trials.size(), 1u);
  EXPECT_EQ(plan.config.halving->eta, 3);
}

TEST_F(Plan, RefusesToChooseByTheTestSplit) {
  EXPECT_EQ(
      fault("experiment: x.yaml\nmetric: test_accuracy\n" + kSpace),
      "s.yaml:2:9: metric: expected val_loss or val_accuracy; got "
      "\"test_accuracy\": trials chosen on the test split would make its score "
      "worthless.");
}

TEST_F(Plan, RefusesToChooseByTheTrainingImages) {
  EXPECT_EQ(fault("experiment: x.yaml\nmetric: train_loss\n" + kSpace),
            "s.yaml:2:9: metric: expected val_loss or val_accuracy; got "
            "\"train_loss\": how well a model knows its training images does "
            "not say which setting is better.");
}

TEST_F(Plan, NamesTheMetricThatWasMeant) {
  EXPECT_THAT(fault("experiment: x.yaml\nmetric: val_acuracy\n" + kSpace),
              HasSubstr("did you mean val_accuracy?"));
}

TEST_F(Plan, RefusesUnknownKeys) {
  EXPECT_EQ(fault("experiment: x.yaml\ntrails: 3\n" + kSpace),
            "s.yaml:2:1: trails is no part of a sweep; did you mean trials?");
  EXPECT_EQ(fault("experiment: x.yaml\nhalving: {etta: 3}\n" + kSpace),
            "s.yaml:2:11: halving.etta is no part of a sweep; did you mean "
            "halving.eta?");
  EXPECT_THAT(fault("experiment: x.yaml\nqqq: 3\n" + kSpace),
              HasSubstr("qqq is no part of a sweep; there are name, "
                        "experiment, search, trials, seed, metric, halving, "
                        "space."));
}

TEST_F(Plan, ChecksTypesAndRanges) {
  EXPECT_EQ(fault("experiment: x.yaml\ntrials: 0\n" + kSpace),
            "s.yaml:2:9: trials: expected 1 to 10000 trials; got 0.");
  EXPECT_EQ(fault("experiment: x.yaml\nsearch: gird\n" + kSpace),
            "s.yaml:2:9: search: expected random or grid; got \"gird\"; did "
            "you mean grid?");
  EXPECT_EQ(fault("experiment: x.yaml\nhalving: 3\n" + kSpace),
            "s.yaml:2:10: halving: expected a map of settings; got \"3\".");
}

TEST_F(Plan, NeedsAnExperimentAndASpace) {
  EXPECT_EQ(fault("trials: 3\n" + kSpace),
            "s.yaml:1:1: experiment: expected the path of an experiment file, "
            "from the folder of this file; got none.");
  EXPECT_THAT(fault("experiment: x.yaml\n"),
              HasSubstr("s.yaml:1:1: space: expected settings and what they "
                        "may be; got "));
}

TEST_F(Plan, RefusesANameThatIsNoFolder) {
  EXPECT_THAT(fault("name: a/b\nexperiment: x.yaml\n" + kSpace),
              HasSubstr("s.yaml:1:7: name: \"a/b\" cannot name a folder."));
}

TEST_F(Plan, SaysThatAFileIsMissing) {
  EXPECT_THAT(error_text([&] { load_sweep(folder_ / "none.yaml"); }),
              HasSubstr("none.yaml: no readable file"));
}

}  // namespace
}  // namespace fer
