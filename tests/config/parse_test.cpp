#include <gtest/gtest.h>

#include "config_text.h"

namespace fer {
namespace {

TEST(ParseConfig, EmptyMapGivesTheDefaults) {
  const Config config = parse_config("{}");
  EXPECT_EQ(config.train.epochs, 30);
  EXPECT_EQ(config.optimizer.epsilon, 1e-7);
  EXPECT_EQ(config.evaluate.splits, (std::vector<std::string>{"val", "test"}));
  EXPECT_TRUE(config.callbacks.model_checkpoint);
  EXPECT_FALSE(config.callbacks.early_stopping);
}

TEST(ParseConfig, ReadsEveryKindOfValue) {
  const Config config = parse_config(R"(
experiment: {name: "a b", seed: 4294967295}
data:
  source: folder
  path: some/where
  classes: [happy, "sad"]
  relabel: {happiness: happy}
train: {epochs: +7, deterministic: false, label_smoothing: .5, clip_norm: 5.}
optimizer: {learning_rate: 1e-3}
model: {dropout: [0, 0.25, 1e-1]}
)");
  EXPECT_EQ(config.experiment.name, "a b");
  EXPECT_EQ(config.experiment.seed, 4294967295);
  EXPECT_EQ(config.data.source, SourceKind::kFolder);
  EXPECT_EQ(config.data.path, "some/where");
  EXPECT_EQ(config.data.classes, (std::vector<std::string>{"happy", "sad"}));
  EXPECT_EQ(config.data.relabel.at("happiness"), "happy");
  EXPECT_EQ(config.train.epochs, 7);
  EXPECT_FALSE(config.train.deterministic);
  EXPECT_EQ(config.train.label_smoothing, 0.5);
  EXPECT_EQ(config.train.clip_norm, 5.0);
  EXPECT_EQ(config.optimizer.learning_rate, 0.001);
  EXPECT_EQ(config.model.dropout, (std::vector<double>{0, 0.25, 0.1}));
}

TEST(ParseConfig, OptionalPartIsOffWhenNullAndOnWhenAMap) {
  EXPECT_FALSE(parse_config("callbacks: {model_checkpoint: null}\n"
                            "evaluate: {checkpoint: last}\n")
                   .callbacks.model_checkpoint);
  EXPECT_FALSE(parse_config("callbacks:\n  ema:\n").callbacks.ema);
  EXPECT_EQ(parse_config("callbacks: {ema: {}}").callbacks.ema->decay, 0.999);
  EXPECT_EQ(parse_config("callbacks: {ema: {decay: .9}}").callbacks.ema->decay,
            0.9);
}

TEST(ParseConfig, OptionalNumberMayBeNull) {
  const char* kText = "callbacks: {early_stopping: {baseline: null}}";
  EXPECT_FALSE(parse_config(kText).callbacks.early_stopping->baseline);
  const char* kSet = "callbacks: {early_stopping: {baseline: 0.5}}";
  EXPECT_EQ(parse_config(kSet).callbacks.early_stopping->baseline, 0.5);
}

TEST(ParseConfig, NamesTheNearestSettingForATypo) {
  EXPECT_EQ(faults_of("train:\n  epochz: 3\n"),
            "x.yaml:2:3: train.epochz is not a setting; did you mean "
            "train.epochs?");
  EXPECT_EQ(faults_of("trian: {}\n"),
            "x.yaml:1:1: trian is not a setting; did you mean train?");
}

TEST(ParseConfig, NamesTheSettingOfAnotherSection) {
  EXPECT_EQ(faults_of("train: {learning_rate: 1}\n"),
            "x.yaml:1:9: train.learning_rate is not a setting; did you mean "
            "optimizer.learning_rate?");
}

TEST(ParseConfig, ListsTheSettingsWhenNothingIsNear) {
  EXPECT_EQ(faults_of("report: {zzzzzzzz: 1}\n"),
            "x.yaml:1:10: report.zzzzzzzz is not a setting; there are figures, "
            "html, samples.");
  EXPECT_EQ(faults_of("callbacks: {tensorboard: {zzzzzzzz: 1}}\n"),
            "x.yaml:1:27: callbacks.tensorboard.zzzzzzzz is not a setting: "
            "there are none here.");
}

TEST(ParseConfig, ExplainsADottedKey) {
  EXPECT_EQ(faults_of("train.epochs: 3\n"),
            "x.yaml:1:1: train.epochs is not a setting: dots work in -s only. "
            "Write one level a line, indented.");
}

TEST(ParseConfig, ReportsAllFaultsAtOnceInOrder) {
  EXPECT_EQ(faults_of("train:\n  epochs: three\n  batchsize: 3\n"
                      "data:\n  source: foldr\n"),
            "x.yaml:5:11: data.source: expected synthetic, folder, fer_csv or "
            "packed; got \"foldr\"; did you mean folder?\n"
            "x.yaml:3:3: train.batchsize is not a setting; did you mean "
            "train.batch_size?\n"
            "x.yaml:2:11: train.epochs: expected an integer; got \"three\".");
}

TEST(ParseConfig, ShowsFiftyFaultsAndCountsTheRest) {
  std::string yaml = "train:\n";
  for (int i = 0; i < 53; ++i) yaml += "  zzzzzz" + std::to_string(i) + ": 1\n";
  const std::string text = faults_of(yaml);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 50);
  EXPECT_TRUE(text.ends_with("\n... and 3 more"));
}

TEST(ParseConfig, FaultsStayOnOneLineWhateverTheFileHolds) {
  EXPECT_EQ(faults_of("train: {epochs: \"a\\nb\\e\"}"),
            "x.yaml:1:17: train.epochs: expected an integer; got the text "
            "\"a\\nb\\x1b\". Remove the quotes.");
}

TEST(ParseConfig, WantsIntegers) {
  const std::string head = "x.yaml:1:17: train.epochs: expected an integer; ";
  EXPECT_EQ(faults_of("train: {epochs: 3.0}"), head + "got \"3.0\".");
  EXPECT_EQ(faults_of("train: {epochs: 1e3}"), head + "got \"1e3\".");
  EXPECT_EQ(faults_of("train: {epochs: 0x10}"), head + "got \"0x10\".");
  EXPECT_EQ(faults_of("train: {epochs: [3]}"), head + "got a list.");
  EXPECT_EQ(faults_of("train: {epochs: {}}"), head + "got a map.");
  EXPECT_EQ(faults_of("train: {epochs: true}"), head + "got \"true\".");
  EXPECT_EQ(faults_of("train: {epochs: \"3\"}"),
            head + "got the text \"3\". Remove the quotes.");
  EXPECT_EQ(faults_of("train: {epochs: 99999999999999999999}"),
            head +
                "got \"99999999999999999999\". That is beyond what a number "
                "can hold.");
}

TEST(ParseConfig, EmptyValueIsNull) {
  EXPECT_EQ(faults_of("train:\n  epochs:\n"),
            "x.yaml:2:3: train.epochs: expected an integer; got nothing "
            "(null).");
  EXPECT_EQ(faults_of("experiment: {name: null}\n"),
            "x.yaml:1:14: experiment.name: expected text; got nothing (null). "
            "Write \"\" for an empty text.");
  EXPECT_EQ(faults_of("train:\n"),
            "x.yaml:1:1: train: expected a map of settings; got nothing "
            "(null).");
}

TEST(ParseConfig, RefusesOctalLookingNumbers) {
  const std::string tail =
      " A leading 0 means octal to some YAML readers: write it without.";
  EXPECT_EQ(
      faults_of("train: {epochs: 010}"),
      "x.yaml:1:17: train.epochs: expected an integer; got \"010\"." + tail);
  EXPECT_EQ(faults_of("optimizer: {learning_rate: 00.1}"),
            "x.yaml:1:28: optimizer.learning_rate: expected a number; got "
            "\"00.1\"." +
                tail);
  EXPECT_EQ(faults_of("train: {threads: 0}"), "");
}

TEST(ParseConfig, QuotedNumberIsText) {
  EXPECT_EQ(faults_of("optimizer: {learning_rate: \"1e-3\"}"),
            "x.yaml:1:28: optimizer.learning_rate: expected a number; got the "
            "text \"1e-3\". Remove the quotes.");
}

TEST(ParseConfig, RefusesNanAndInfinity) {
  for (const std::string word :
       {".nan", ".NaN", "nan", ".inf", "-.inf", "inf", "+.INF"}) {
    EXPECT_EQ(
        faults_of("train: {l2: " + word + "}"),
        "x.yaml:1:13: train.l2: expected a finite number; got " + word + ".");
  }
  EXPECT_EQ(faults_of("train: {l2: 1e999}"),
            "x.yaml:1:13: train.l2: expected a number; got \"1e999\". That is "
            "beyond what a number can hold.");
}

TEST(ParseConfig, OnlyTrueAndFalseAreBooleans) {
  for (const std::string word : {"yes", "on", "no", "True", "1", "y"}) {
    EXPECT_EQ(faults_of("report: {html: " + word + "}"),
              "x.yaml:1:16: report.html: expected true or false; got \"" +
                  word + "\". Only the words true and false are accepted.");
  }
  EXPECT_EQ(faults_of("report: {html: \"true\"}"),
            "x.yaml:1:16: report.html: expected true or false; got the text "
            "\"true\". Remove the quotes.");
}

TEST(ParseConfig, WordsLikeNoStayTextWhereTextIsExpected) {
  const Config config = parse_config("data: {classes: [no, on, 010]}");
  EXPECT_EQ(config.data.classes, (std::vector<std::string>{"no", "on", "010"}));
}

TEST(ParseConfig, RangeErrorsNameRangeAndUnit) {
  EXPECT_EQ(faults_of("train: {epochs: 0}"),
            "x.yaml:1:17: train.epochs: expected 1 to 100000 epochs; got 0.");
  EXPECT_EQ(faults_of("train: {label_smoothing: 1}"),
            "x.yaml:1:26: train.label_smoothing: expected at least 0 and less "
            "than 1; got 1.");
  EXPECT_EQ(faults_of("train: {clip_norm: -0.5}"),
            "x.yaml:1:20: train.clip_norm: expected at least 0; got -0.5.");
  EXPECT_EQ(faults_of("experiment: {seed: -1}"),
            "x.yaml:1:20: experiment.seed: expected 0 to 4294967295; got -1.");
  EXPECT_EQ(faults_of("optimizer: {learning_rate: 0}"),
            "x.yaml:1:28: optimizer.learning_rate: expected more than 0 and at "
            "most 100; got 0.");
}

TEST(ParseConfig, ListItemsAreCheckedOneByOne) {
  EXPECT_EQ(faults_of("model: {dropout: [0.4, 1, x]}"),
            "x.yaml:1:24: model.dropout[1]: expected at least 0 and less than "
            "1; got 1.\n"
            "x.yaml:1:27: model.dropout[2]: expected a number; got \"x\".");
  EXPECT_EQ(faults_of("model: {dropout: 0.4}"),
            "x.yaml:1:18: model.dropout: expected a list; got \"0.4\". Write "
            "[a, b].");
  EXPECT_EQ(faults_of("data: {relabel: [a]}"),
            "x.yaml:1:17: data.relabel: expected a map; got a list. Write {a: "
            "b}.");
  EXPECT_EQ(faults_of("data: {relabel: {a: [b]}}"),
            "x.yaml:1:21: data.relabel.a: expected text; got a list.");
}

}  // namespace
}  // namespace fer
