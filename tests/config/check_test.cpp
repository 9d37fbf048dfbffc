#include <gtest/gtest.h>

#include "config/metric_direction.h"
#include "config_text.h"

namespace fer {
namespace {

/// The messages of check_settings(), one a line.
std::string check(const Config& config) {
  std::string text;
  for (const auto& [key, message] : check_settings(config)) {
    EXPECT_TRUE(message.starts_with(key + " ")) << message;
    text += message + "\n";
  }
  return text;
}

Config with_callbacks() {
  Config config;
  config.train.epochs = 50;
  config.callbacks.early_stopping = EarlyStoppingConfig{};
  config.callbacks.early_stopping->patience = 11;
  config.callbacks.reduce_lr_on_plateau = ReduceLrOnPlateauConfig{};
  config.callbacks.reduce_lr_on_plateau->patience = 7;
  return config;
}

TEST(MetricDirection, LossesFallAndAccuraciesRise) {
  EXPECT_EQ(metric_direction("train_loss"), Direction::kMin);
  EXPECT_EQ(metric_direction("val_loss"), Direction::kMin);
  EXPECT_EQ(metric_direction("train_accuracy"), Direction::kMax);
  EXPECT_EQ(metric_direction("val_accuracy"), Direction::kMax);
  for (const char* name : {"learning_rate", "seconds", "epoch", "loss", ""}) {
    EXPECT_FALSE(metric_direction(name)) << name;
  }
  for (const std::string& name : monitorable_metrics()) {
    EXPECT_TRUE(metric_direction(name)) << name;
  }
}

TEST(CheckSettings, DefaultsAndTheUsualCallbacksAreGood) {
  EXPECT_EQ(check(Config{}), "");
  EXPECT_EQ(check(with_callbacks()), "");
}

TEST(CheckSettings, ExplainsTheReportsBug) {
  Config config;
  config.callbacks.model_checkpoint->monitor = "val_accuracy";
  config.callbacks.model_checkpoint->mode = Direction::kMin;
  EXPECT_EQ(check(config),
            "callbacks.model_checkpoint.mode = min on val_accuracy: "
            "val_accuracy is better when higher, so this keeps the WORST "
            "epoch. Write mode: max or auto, or allow_wrong_direction: true to "
            "reproduce the report's bug.\n");
  config.callbacks.model_checkpoint->allow_wrong_direction = true;
  EXPECT_EQ(check(config), "");
}

TEST(CheckSettings, WrongDirectionOfEveryCallbackIsAFault) {
  Config config = with_callbacks();
  config.callbacks.early_stopping->mode = Direction::kMax;
  config.callbacks.reduce_lr_on_plateau->mode = Direction::kMax;
  const std::string text = check(config);
  EXPECT_NE(text.find("callbacks.early_stopping.mode = max on val_loss: "
                      "val_loss is better when lower, so this stops while the "
                      "model still improves"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("callbacks.reduce_lr_on_plateau.mode = max on val_loss"),
            std::string::npos)
      << text;
  config.callbacks.early_stopping->mode = Direction::kMin;
  config.callbacks.reduce_lr_on_plateau->mode = Direction::kFromMetric;
  EXPECT_EQ(check(config), "");
}

TEST(CheckSettings, UnknownMonitorListsTheMetrics) {
  const auto monitor = [](const std::string& name) {
    Config config;
    config.callbacks.model_checkpoint->monitor = name;
    return check(config);
  };
  const std::string list =
      "train_loss, train_accuracy, val_loss, val_accuracy.\n";
  const std::string key = "callbacks.model_checkpoint.monitor = ";
  EXPECT_EQ(monitor("val_acuracy"),
            key +
                "\"val_acuracy\" is a metric nobody produces; did you mean "
                "val_accuracy? There are " +
                list);
  EXPECT_EQ(monitor("loss"), key +
                                 "\"loss\" is a metric nobody produces; did "
                                 "you mean train_loss? There are " +
                                 list);
  EXPECT_EQ(monitor("zzz"),
            key + "\"zzz\" is a metric nobody produces. There are " + list);
  EXPECT_EQ(monitor("learning_rate"),
            key + "learning_rate says nothing of quality. Choose from " + list);
}

TEST(CheckSettings, PlateauThatCanNeverLowerTheRateIsAFault) {
  Config config = with_callbacks();
  config.callbacks.reduce_lr_on_plateau->min_lr = 0.001;
  EXPECT_EQ(check(config),
            "callbacks.reduce_lr_on_plateau.min_lr = 0.001 is not below "
            "optimizer.learning_rate = 0.001: the plateau could never lower "
            "it. Set min_lr below 0.001, or write reduce_lr_on_plateau: "
            "null.\n");
  config.callbacks.reduce_lr_on_plateau->min_lr = 0.00099;
  EXPECT_EQ(check(config), "");
}

TEST(CheckSettings, StoppingBeforeThePlateauIsAFault) {
  Config config = with_callbacks();
  config.callbacks.early_stopping->patience = 7;  // equal: the last epoch
  EXPECT_EQ(check(config),
            "callbacks.early_stopping.patience = 7 stops the run before "
            "callbacks.reduce_lr_on_plateau.patience = 7 could lower the "
            "learning rate (both watch val_loss). Make it the larger one.\n");
  config.callbacks.early_stopping->patience = 8;
  EXPECT_EQ(check(config), "");
  config.callbacks.early_stopping->patience = 7;
  config.callbacks.early_stopping->monitor = "val_accuracy";
  EXPECT_EQ(check(config), "");
}

TEST(CheckSettings, PatienceOfAllEpochsIsAFault) {
  Config config = with_callbacks();
  config.train.epochs = 11;
  EXPECT_EQ(check(config),
            "callbacks.early_stopping.patience = 11 (after start_from_epoch = "
            "0) can never be used up: train.epochs = 11. Set it below, or "
            "write early_stopping: null.\n");
  config.train.epochs = 12;
  EXPECT_EQ(check(config), "");
  config.callbacks.early_stopping->start_from_epoch = 1;
  EXPECT_NE(check(config), "");
  config = with_callbacks();
  config.callbacks.early_stopping.reset();
  config.train.epochs = 7;
  EXPECT_EQ(check(config),
            "callbacks.reduce_lr_on_plateau.patience = 7 can never be used up: "
            "train.epochs = 7. Set it below, or write reduce_lr_on_plateau: "
            "null.\n");
}

TEST(CheckSettings, ScheduleBesideAPlateauIsAFault) {
  Config config = with_callbacks();
  config.schedule.name = ScheduleKind::kCosine;
  EXPECT_EQ(check(config),
            "schedule.name = cosine would overwrite what "
            "callbacks.reduce_lr_on_plateau sets. Write constant, or "
            "reduce_lr_on_plateau: null.\n");
}

TEST(CheckSettings, ScheduleMustFallAndWarmUpMustEnd) {
  Config config;
  config.schedule.name = ScheduleKind::kCosine;
  config.schedule.minimum = 0.01;
  config.schedule.warmup_epochs = 30;
  EXPECT_EQ(check(config),
            "schedule.minimum = 0.01 is above optimizer.learning_rate = 0.001: "
            "the cosine would rise. Set it below.\n"
            "schedule.warmup_epochs = 30 never ends: train.epochs = 30. Make "
            "it smaller.\n");
}

TEST(CheckSettings, MomentumBelongsToSgd) {
  Config config;
  config.optimizer.momentum = 0.9;
  config.optimizer.nesterov = true;
  EXPECT_EQ(check(config),
            "optimizer.momentum = 0.9 is for sgd, but optimizer.name = adam "
            "(its momentum is beta_1). Write 0.\n"
            "optimizer.nesterov = true is for sgd, but optimizer.name = adam. "
            "Write false.\n");
  config.optimizer.name = OptimizerKind::kSgd;
  EXPECT_EQ(check(config), "");
  config.optimizer.momentum = 0;
  EXPECT_EQ(check(config),
            "optimizer.nesterov = true needs optimizer.momentum above 0. Set "
            "momentum, 0.9 for example.\n");
}

TEST(CheckSettings, FreezeTakesRegularExpressionsAndWholeEpochs) {
  Config config;
  config.train.fine_tune.freeze = {{"(?!head)", 3}, {"bn1", 0}};
  EXPECT_EQ(check(config), "");
  config.train.fine_tune.freeze = {
      {"(", 1}, {"", 1}, {"a", 2.5}, {"b", 30}, {"c", 29}};
  EXPECT_EQ(
      check(config),
      "train.fine_tune.freeze. is no regular expression: it is empty. Write "
      "one for names from their start, \"(?!head)\" for all but the head.\n"
      "train.fine_tune.freeze.( is no regular expression: Mismatched '(' and "
      "')' in regular expression. Write one for names from their start, "
      "\"(?!head)\" for all but the head.\n"
      "train.fine_tune.freeze.a = 2.5 is no whole number of epochs. Write 3, "
      "or 0 for all.\n"
      "train.fine_tune.freeze.b = 30 never ends: train.epochs = 30. Make it "
      "smaller, or write 0 for all of them.\n");
  config.train.fine_tune.freeze = {{std::string(501, '('), 0}};
  EXPECT_NE(check(config).find("it has more than 500 bytes"),
            std::string::npos);
}

TEST(CheckSettings, AFaultOfAMapStandsAtItsEntry) {
  EXPECT_EQ(faults_of("train:\n"
                      "  fine_tune:\n"
                      "    freeze:\n"
                      "      layer1: 2\n"
                      "      \"[\": 1\n"),
            "x.yaml:5:12: train.fine_tune.freeze.[ is no regular expression: "
            "Unexpected character within '[...]' in regular expression. Write "
            "one for names from their start, \"(?!head)\" for all but the "
            "head.");
}

TEST(CheckSettings, SharesMustLeaveSomethingToTrainOn) {
  Config config;
  config.data.split.validation = 0.5;
  config.data.split.test = 0.5;
  EXPECT_EQ(check(config),
            "data.split.validation = 0.5 and data.split.test = 0.5 leave "
            "nothing to train on. Keep their sum below 1.\n");
  config.data.split.protocol = Protocol::kClean;
  EXPECT_NE(check(config), "");
  for (const Protocol protocol :
       {Protocol::kOfficial, Protocol::kOfficialClean, Protocol::kKfold}) {
    config.data.split.protocol = protocol;
    EXPECT_EQ(check(config), "");
  }
}

TEST(CheckSettings, ACleanProtocolMustNotBeToldToIgnoreTwins) {
  Config config;
  config.data.split.group_duplicates = false;
  config.data.twins.near = false;
  config.data.split.stratify = false;
  EXPECT_EQ(check(config), "");  // random
  config.data.split.protocol = Protocol::kClean;
  EXPECT_EQ(
      check(config),
      "data.split.group_duplicates = false contradicts data.split.protocol: "
      "clean, which never parts twins. Write true, or protocol: "
      "random.\n"
      "data.twins.near = false contradicts data.split.protocol: clean, "
      "which never parts near twins. Write true, or protocol: random.\n"
      "data.split.stratify = false contradicts data.split.protocol: "
      "clean, which keeps the class shares. Write true, or protocol: "
      "random.\n");
  config.data.split.protocol = Protocol::kOfficialClean;
  EXPECT_NE(check(config).find("protocol: official_clean, which never parts"),
            std::string::npos);
  config.data.split.protocol = Protocol::kKfold;
  EXPECT_NE(check(config).find("protocol: kfold, which never parts"),
            std::string::npos);
}

TEST(CheckSettings, FoldMustBeOneOfTheFolds) {
  Config config;
  config.data.split.fold = 5;
  EXPECT_EQ(check(config),
            "data.split.fold = 5 is for kfold, but data.split.protocol = "
            "random. Write 0.\n");
  config.data.split.protocol = Protocol::kKfold;
  EXPECT_EQ(check(config),
            "data.split.fold = 5 is not one of data.split.folds = 5. Write 0 "
            "to 4.\n");
  config.data.split.folds = 6;
  EXPECT_EQ(check(config), "");
}

TEST(CheckSettings, FerplusLabelsNeedTheVotesOnThesePhotographs) {
  Config config;
  config.data.source = SourceKind::kFolder;
  config.data.path = "x";
  config.data.labels = LabelKind::kFerplusSoft;
  EXPECT_EQ(check(config),
            "data.ferplus is missing: data.labels: ferplus_soft reads FER+'s "
            "votes. Write ferplus: ${FERBENCH_DATA:-data}/ferplus.csv.\n");
  config.data.ferplus = "v.csv";
  EXPECT_EQ(check(config), "");
  config.data.source = SourceKind::kSynthetic;
  config.data.path.clear();
  EXPECT_EQ(check(config),
            "data.ferplus = \"v.csv\" has no votes on the drawn faces of "
            "data.source: synthetic. Write ferplus: \"\".\n");
}

TEST(CheckSettings, PathAndSourceMustAgree) {
  Config config;
  config.data.path = "x";
  EXPECT_EQ(check(config),
            "data.path = \"x\" is not used by data.source: synthetic. Write "
            "path: \"\", or name another source (folder, fer_csv, packed).\n");
  config.data.path.clear();
  config.data.source = SourceKind::kFerCsv;
  EXPECT_EQ(check(config),
            "data.path is missing: data.source: fer_csv reads a file. Write "
            "path: ${FERBENCH_DATA:-data}/...\n");
}

TEST(CheckSettings, ClassesAndChannelsAreChecked) {
  Config config;
  config.data.channels = 2;
  config.data.classes = {"a", "b", "a", ""};
  EXPECT_EQ(check(config),
            "data.channels = 2 is neither gray nor RGB. Write 1 or 3.\n"
            "data.classes names \"a\" twice. Keep one.\n"
            "data.classes holds an empty name. Remove it.\n");
  config = Config{};
  config.data.classes = {"a"};
  EXPECT_NE(check(config).find("data.classes holds one class"),
            std::string::npos);
  config.data.classes = {"happiness", "sad"};
  config.data.relabel = {{"happiness", "happy"}};
  EXPECT_EQ(check(config),
            "data.relabel turns \"happiness\" into \"happy\" before "
            "data.classes asks for \"happiness\". Put \"happy\" into "
            "data.classes.\n");
}

TEST(CheckSettings, ReportProtocolIsTwoClassesAndLeaksByDesign) {
  Config config;
  config.data.split.protocol = Protocol::kReport;
  config.data.split.upsample = true;
  config.data.split.drop_duplicates = true;
  config.data.split.keep = "kept.csv";
  EXPECT_EQ(check(config),
            "data.split.protocol = report is defined for two classes; "
            "data.classes has none (all). Write classes: [happy, sad].\n"
            "data.split.upsample = true with data.split.protocol: report, "
            "which upsamples by itself (before the split: that is its leak). "
            "Write false.\n"
            "data.split.drop_duplicates = true contradicts "
            "data.split.protocol: report, which leaks by design. Write false, "
            "or protocol: random.\n"
            "data.split.keep = \"kept.csv\" contradicts data.split.protocol: "
            "report, which uses every image. Write keep: \"\", or protocol: "
            "clean.\n");
  config.data.split = {.protocol = Protocol::kReport};
  config.data.classes = {"happy", "sad"};
  EXPECT_EQ(check(config), "");
}

TEST(CheckSettings, EvaluatedSplitsAndWeightsMustExist) {
  Config config;
  config.evaluate.splits = {"validation", "test", "test", "tset"};
  EXPECT_EQ(check(config),
            "evaluate.splits expected train, val or test; got \"validation\"; "
            "did you mean val?\n"
            "evaluate.splits names test twice. Keep one.\n"
            "evaluate.splits expected train, val or test; got \"tset\"; did "
            "you mean test?\n");
  config = Config{};
  config.callbacks.model_checkpoint.reset();
  EXPECT_EQ(check(config),
            "evaluate.checkpoint = best, but callbacks.model_checkpoint is "
            "off: nobody keeps the best weights. Write last, or switch it "
            "on.\n");
}

TEST(CheckSettings, PositiveClassMustBeOneOfTwo) {
  Config config;
  config.evaluate.positive_class = "sad";
  EXPECT_EQ(check(config), "");  // the classes are not known yet
  config.data.classes = {"happy", "angry"};
  EXPECT_EQ(check(config),
            "evaluate.positive_class = \"sad\" is not in data.classes. Write "
            "happy or angry.\n");
  config.data.classes = {"happy", "angry", "sad"};
  EXPECT_EQ(check(config),
            "evaluate.positive_class = \"sad\" needs two classes, but "
            "data.classes has 3. Remove it.\n");
}

TEST(CheckSettings, NameMustFitAFolder) {
  for (const char* name : {"a/b", "..", "\\", ".hidden"}) {
    Config config;
    config.experiment.name = name;
    EXPECT_NE(check(config).find("experiment.name = "), std::string::npos);
  }
}

TEST(CheckSettings, CutoutMustLeaveSomethingToSee) {
  Config config;
  config.augment.cutout_size = 48;
  EXPECT_EQ(check(config), "");
  config.augment.cutout_probability = 0.5;
  EXPECT_EQ(check(config),
            "augment.cutout_size = 48 covers the whole image: data.image_size "
            "= 48. Make it smaller.\n");
}

TEST(CheckSettings, FaultsCarryThePlaceOfTheSetting) {
  EXPECT_TRUE(faults_of("callbacks:\n"
                        "  model_checkpoint:\n"
                        "    monitor: val_accuracy\n"
                        "    mode: min\n")
                  .starts_with("x.yaml:4:11: callbacks.model_checkpoint.mode"));
  EXPECT_TRUE(faults_of("callbacks: {reduce_lr_on_plateau: {}}\n"
                        "train: {epochs: 10}\n")
                  .starts_with("default: "
                               "callbacks.reduce_lr_on_plateau.patience = 10"));
}

TEST(CheckSettings, FaultsThatFollowFromATypoAreLeftOut) {
  // epochs was meant to be 100: patience 40 is no second fault.
  EXPECT_EQ(faults_of("train: {epochz: 100}\n"
                      "callbacks: {early_stopping: {patience: 40}}\n"
                      "data: {channels: 2}\n"),
            "x.yaml:1:9: train.epochz is not a setting; did you mean "
            "train.epochs?\n"
            "x.yaml:3:18: data.channels = 2 is neither gray nor RGB. Write 1 "
            "or 3.");
}

TEST(CheckSettings, FaultsThatDoNotFollowFromATypoAreShown) {
  EXPECT_NE(
      faults_of("e: 3\ntrain: {epochs: 3}\nschedule: {warmup_epochs: 5}\n")
          .find("schedule.warmup_epochs = 5 never ends"),
      std::string::npos);
  EXPECT_EQ(faults_of("data: {classes: [happy, [x]]}"),
            "x.yaml:1:25: data.classes[1]: expected text; got a list.");
}

}  // namespace
}  // namespace fer
