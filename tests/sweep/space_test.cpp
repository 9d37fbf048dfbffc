#include "sweep/space.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Dimension> read(const std::string& yaml) {
  Faults faults;
  const YamlNode root = parse_tree(yaml, "s.yaml", faults);
  auto space = read_space(root, faults);
  faults.raise();
  return space;
}
std::string fault(const std::string& yaml) {
  return error_text([&] { read(yaml); });
}

TEST(Space, ReadsEveryForm) {
  const auto space = read(
      "optimizer.learning_rate: {log_uniform: [1e-4, 1e-2]}\n"
      "train.batch_size: [32, 64]\n"
      "callbacks.ema.decay: {uniform: [0.9, 0.999]}\n"
      "schedule.warmup_epochs: {int: [0, 3]}\n"
      "optimizer.name: {choice: [adam, sgd]}\n");
  ASSERT_EQ(space.size(), 5u);
  EXPECT_EQ(space[0].setting, "optimizer.learning_rate");
  EXPECT_EQ(space[0].where, "s.yaml:1:1");
  EXPECT_EQ(space[0].kind, Dimension::Kind::kLogUniform);
  EXPECT_EQ(space[0].low, 1e-4);
  EXPECT_EQ(space[0].high, 1e-2);
  EXPECT_THAT(space[1].choices, ElementsAre("32", "64"));
  EXPECT_EQ(space[2].kind, Dimension::Kind::kUniform);
  EXPECT_EQ(space[3].kind, Dimension::Kind::kInteger);
  EXPECT_THAT(space[4].choices, ElementsAre("adam", "sgd"));
}

TEST(Space, TakesListsMapsAndNothingAsChoices) {
  const auto space = read(
      "model.dropout: [[0.1, 0.2], []]\n"
      "callbacks.ema: [null, {decay: 0.99}]\n");
  EXPECT_THAT(space[0].choices, ElementsAre("[0.1, 0.2]", "[]"));
  EXPECT_THAT(space[1].choices, ElementsAre("null", "{\"decay\": 0.99}"));
}

TEST(Space, QuotesTextThatYamlWouldTakeApart) {
  Faults faults;
  const YamlNode node = parse_tree("[a b, 'c', \"1\", x_1.5]", "s", faults);
  EXPECT_EQ(flow_text(node), "[\"a b\", \"c\", \"1\", x_1.5]");
}

TEST(Space, NamesTheSettingThatWasMeant) {
  EXPECT_EQ(fault("optimizer.learning_rat: [1]"),
            "s.yaml:1:1: optimizer.learning_rat is not a setting; did you mean "
            "optimizer.learning_rate?");
  EXPECT_THAT(fault("train.xyz_unknown: [1]"),
              HasSubstr("s.yaml:1:1: train.xyz_unknown is not a setting; there "
                        "are epochs, batch_size, "));
  EXPECT_EQ(fault("train.epochs.x: [1]"),
            "s.yaml:1:1: train.epochs.x is not a setting.");
}

TEST(Space, ChecksValuesWhereTheyStand) {
  EXPECT_EQ(fault("train.batch_size:\n  - 32\n  - many\n"),
            "s.yaml:3:5: train.batch_size: expected an integer; got \"many\".");
  EXPECT_THAT(fault("train.batch_size: [32, 0]"),
              HasSubstr("s.yaml:1:24: train.batch_size: expected 1 to 65536 "
                        "images; got 0."));
  EXPECT_THAT(fault("optimizer.name: [adam, adamx]"),
              HasSubstr("did you mean adam"));
  EXPECT_EQ(fault("train.batch_size: [32, 32]"),
            "s.yaml:1:24: train.batch_size: names 32 twice. Keep one.");
  EXPECT_EQ(fault("train.batch_size: []"),
            "s.yaml:1:19: train.batch_size: expected a list of values; got an "
            "empty one. Write [a, b].");
}

TEST(Space, ChecksBounds) {
  const std::string rate = "optimizer.learning_rate: ";
  EXPECT_EQ(fault(rate + "{uniform: [0.1, 0.01]}"),
            "s.yaml:1:36: optimizer.learning_rate: expected low < high; got "
            "[0.1, 0.01].");
  EXPECT_THAT(fault(rate + "{log_uniform: [0, 1]}"),
              HasSubstr("expected more than 0 and at most 100; got 0."));
  EXPECT_EQ(fault("optimizer.weight_decay: {log_uniform: [0, 1]}"),
            "s.yaml:1:39: optimizer.weight_decay: log_uniform needs bounds "
            "above 0; got 0.");
  EXPECT_EQ(fault(rate + "{uniform: 0.1}"),
            "s.yaml:1:36: optimizer.learning_rate: expected [low, high]; got "
            "\"0.1\".");
  EXPECT_THAT(fault(rate + "{uniform: [0.1, high]}"),
              HasSubstr("expected a number; got \"high\"."));
}

TEST(Space, ChecksThatTheFormFitsTheType) {
  EXPECT_EQ(fault("train.batch_size: {uniform: [8, 64]}"),
            "s.yaml:1:29: train.batch_size: it is an integer. Write int: [low, "
            "high] or a list.");
  EXPECT_EQ(fault("optimizer.learning_rate: {int: [1, 2]}"),
            "s.yaml:1:32: optimizer.learning_rate: int is for integers. Write "
            "a list of values.");
  EXPECT_EQ(fault("optimizer.name: {uniform: [1, 2]}"),
            "s.yaml:1:27: optimizer.name: a range is for numbers. Write a list "
            "of values.");
}

TEST(Space, KnowsItsForms) {
  EXPECT_EQ(fault("optimizer.learning_rate: {loguniform: [1, 2]}"),
            "s.yaml:1:27: optimizer.learning_rate: expected choice, uniform, "
            "log_uniform or int; got \"loguniform\"; did you mean "
            "log_uniform?");
  EXPECT_EQ(fault("optimizer.learning_rate: 0.1"),
            "s.yaml:1:26: optimizer.learning_rate: expected a list, or one of "
            "choice, uniform, log_uniform or int; got \"0.1\".");
}

TEST(Space, NeedsSettings) {
  EXPECT_EQ(fault("[1]"),
            "s.yaml:1:1: space: expected settings and what they may be; got a "
            "list. Write train.batch_size: [32, 64].");
}

TEST(Space, RefusesWhatWouldChangeTheMeasure) {
  EXPECT_EQ(fault("experiment.seed: [1, 2]"),
            "s.yaml:1:1: experiment.seed cannot be in a sweep's space: the "
            "best of several seeds is luck, not a better setting. Run the "
            "winner with --seeds.");
  for (const char* setting :
       {"experiment.seeds", "experiment.name", "evaluate.splits",
        "evaluate.threshold", "data.split.seed", "data.split.validation",
        "data.split.protocol", "data.classes", "data.source", "data.split",
        "train.threads", "train.device"}) {
    EXPECT_NE(refused_setting(setting), "") << setting;
  }
  for (const char* setting :
       {"data.image_size", "data.channels", "data.split.upsample",
        "train.epochs", "optimizer.learning_rate", "model.dropout",
        "augment.horizontal_flip", "callbacks.ema.decay"}) {
    EXPECT_EQ(refused_setting(setting), "") << setting;
  }
}

TEST(Space, ShowsAllFaultsAtOnce) {
  const std::string text = fault("train.batch_sise: [1]\noptimizer.name: [x]");
  EXPECT_THAT(text, HasSubstr("s.yaml:1:1: "));
  EXPECT_THAT(text, HasSubstr("s.yaml:2:18: "));
}

}  // namespace
}  // namespace fer
