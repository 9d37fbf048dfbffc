#include <gtest/gtest.h>

#include <set>

#include "config_text.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = fs::path(FERBENCH_TEST_DIR).parent_path();

std::vector<fs::path> yaml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    // The maps of song tables are no experiments.
    if (entry.path().parent_path().filename() == "songs") continue;
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  return files;
}

TEST(Experiments, EveryCommittedFileLoads) {
  for (const char* folder : {"experiments", "configs"}) {
    const std::vector<fs::path> files = yaml_files(kRoot / folder);
    EXPECT_FALSE(files.empty());
    for (const fs::path& file : files) EXPECT_EQ(load_faults(file), "");
  }
}

TEST(Experiments, EveryFileOpensWithWhatItIs) {
  for (const char* folder : {"experiments", "configs"}) {
    for (const fs::path& file : yaml_files(kRoot / folder)) {
      std::string line;
      std::getline(std::ifstream(file) >> std::ws, line);
      EXPECT_TRUE(line.starts_with("# ")) << file;
    }
  }
}

TEST(Experiments, NamesAreUniqueSoThatRunFoldersAre) {
  std::set<std::string> names;
  for (const fs::path& file : yaml_files(kRoot / "experiments")) {
    EXPECT_TRUE(names.insert(load_config(file).config.experiment.name).second)
        << file;
  }
}

TEST(Experiments, BaselineIsTheReports) {
  const Config config =
      load_config(kRoot / "experiments/report/fernet.yaml").config;
  EXPECT_EQ(config.data.split.protocol, Protocol::kReport);
  EXPECT_EQ(config.data.split.seed, 42);
  EXPECT_EQ(config.data.classes, (std::vector<std::string>{"happy", "sad"}));
  EXPECT_EQ(config.train.batch_size, 64);
  EXPECT_EQ(config.train.epochs, 30);
  EXPECT_EQ(config.optimizer.name, OptimizerKind::kAdam);
  EXPECT_EQ(config.optimizer.learning_rate, 1e-3);
  EXPECT_EQ(config.optimizer.epsilon, 1e-7);
  EXPECT_FALSE(config.callbacks.early_stopping);
  EXPECT_FALSE(config.callbacks.reduce_lr_on_plateau);
}

TEST(Experiments, TunedIsTheReportsWithoutItsBug) {
  const fs::path file = kRoot / "experiments/report/fernet_tuned.yaml";
  const Config config = load_config(file).config;
  EXPECT_EQ(config.train.batch_size, 32);
  EXPECT_EQ(config.train.epochs, 50);
  EXPECT_EQ(config.callbacks.early_stopping->min_delta, 5e-5);
  EXPECT_EQ(config.callbacks.early_stopping->patience, 11);
  EXPECT_TRUE(config.callbacks.early_stopping->restore_best);
  EXPECT_EQ(config.callbacks.reduce_lr_on_plateau->factor, 0.5);
  EXPECT_EQ(config.callbacks.reduce_lr_on_plateau->patience, 7);
  EXPECT_EQ(config.callbacks.reduce_lr_on_plateau->min_lr, 1e-7);
  EXPECT_EQ(config.callbacks.model_checkpoint->mode, Direction::kMax);
  const std::string mode = "callbacks.model_checkpoint.mode=min";
  EXPECT_TRUE(load_faults(file, {mode}).starts_with("-s " + mode + ": "));
  EXPECT_EQ(
      load_faults(
          file,
          {mode, "callbacks.model_checkpoint.allow_wrong_direction=true"}),
      "");
}

std::vector<std::string> differences(const std::string& file,
                                     const std::string& other) {
  return different_settings(
      load_config(kRoot / "experiments" / (file + ".yaml")).config,
      load_config(kRoot / "experiments" / (other + ".yaml")).config);
}

using Names = std::vector<std::string>;

TEST(Experiments, CleanDiffersFromTheReportsInTheSplitOnly) {
  const Names expected = {"experiment.name", "experiment.description",
                          "data.split.protocol", "data.split.upsample"};
  EXPECT_EQ(differences("clean/fernet", "report/fernet"), expected);
  EXPECT_EQ(differences("clean/fernet_tuned", "report/fernet_tuned"), expected);
}

TEST(Experiments, CleanTwinsDifferFromThePublishedInTheSplitOnly) {
  for (const char* name : {"resnet50", "vit", "vit_small"}) {
    EXPECT_EQ(differences(std::string("clean/") + name,
                          std::string("report/") + name),
              (Names{"experiment.name", "experiment.description",
                     "data.split.protocol", "data.split.upsample"}));
  }
  for (const char* name :
       {"001_efficientnet_b3", "001_efficientnet_b3_small", "002_vgg16",
        "002_vgg16_small", "003_cnn50", "004_cnn", "004_resnet50v2",
        "004_resnet50v2_small"}) {
    const std::string file = std::string("sources/") + name;
    EXPECT_EQ(differences(file + "_clean", file),
              (Names{"experiment.name", "experiment.description",
                     "data.split.protocol", "data.split.group_duplicates"}));
  }
}

TEST(Experiments, SmallStandInsSayWhatTheyChange) {
  const Names names = {"experiment.name", "experiment.description"};
  const auto changes = [&](const std::string& file, Names more) {
    more.insert(more.begin(), names.begin(), names.end());
    EXPECT_EQ(differences(file + "_small", file), more) << file;
    EXPECT_NE(load_config(kRoot / "experiments" / (file + "_small.yaml"))
                  .config.experiment.name.find("-small"),
              std::string::npos);
  };
  changes("report/vit", {"data.image_size", "model.name",
                         "model.vit.patch_size", "optimizer.learning_rate"});
  changes("sources/001_efficientnet_b3", {"data.image_size", "train.epochs"});
  changes("sources/002_vgg16",
          {"train.epochs", "optimizer.learning_rate", "optimizer.momentum",
           "callbacks.early_stopping"});
  changes("sources/004_resnet50v2", {"data.image_size", "train.epochs"});
  changes("pretrain/resnet50",
          {"model.stem", "train.epochs", "train.batch_size", "train.precision",
           "schedule.warmup_epochs"});
}

TEST(Experiments, ResNet50IsTheReportsButForItsWeights) {
  const Config config =
      load_config(kRoot / "experiments/report/resnet50.yaml").config;
  EXPECT_EQ(config.model.name, "resnet50_keras");
  EXPECT_EQ(config.data.image_size, 48);
  EXPECT_EQ(config.data.channels, 3);
  EXPECT_EQ(config.train.epochs, 10);
  EXPECT_EQ(config.train.batch_size, 32);
  EXPECT_EQ(config.optimizer.name, OptimizerKind::kAdam);
  EXPECT_EQ(config.evaluate.checkpoint, CheckpointKind::kLast);
}

TEST(Experiments, Vgg16IsTheSources) {
  const Config config =
      load_config(kRoot / "experiments/sources/002_vgg16.yaml").config;
  EXPECT_EQ(config.data.split.protocol, Protocol::kFolders);
  EXPECT_EQ(config.optimizer.name, OptimizerKind::kSgd);
  EXPECT_EQ(config.optimizer.learning_rate, 1e-4);
  EXPECT_EQ(config.optimizer.momentum, 0.85);
  EXPECT_TRUE(config.optimizer.nesterov);
  EXPECT_EQ(config.train.batch_size, 113);
  EXPECT_EQ(config.train.epochs, 400);
  EXPECT_EQ(config.train.l2, 0.01);
  EXPECT_EQ(config.callbacks.early_stopping->monitor, "val_accuracy");
}

TEST(Experiments, KfoldDiffersFromCleanInTheProtocolOnly) {
  EXPECT_EQ(differences("clean/fernet_kfold", "clean/fernet"),
            (Names{"experiment.name", "experiment.description",
                   "data.split.protocol"}));
}

TEST(Experiments, OfficialOnesDifferInSplitOrLabelsOnly) {
  EXPECT_EQ(differences("official/fernet_clean", "official/fernet"),
            (Names{"experiment.name", "experiment.description",
                   "data.split.protocol"}));
  EXPECT_EQ(differences("official/fernet_ferplus", "official/fernet"),
            (Names{"experiment.name", "experiment.description", "data.labels",
                   "data.ferplus"}));
  const Config config =
      load_config(kRoot / "experiments/official/fernet.yaml").config;
  EXPECT_EQ(config.data.split.protocol, Protocol::kOfficial);
  EXPECT_EQ(config.data.classes.size(), 7u);
}

}  // namespace
}  // namespace fer
