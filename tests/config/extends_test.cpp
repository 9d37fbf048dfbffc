#include <gtest/gtest.h>

#include "config_text.h"

namespace fer {
namespace {

namespace fs = std::filesystem;

TEST(Extends, LaterFilesWinAndTheFileItselfWinsOverAll) {
  const TemporaryFolder folder;
  folder.write("a.yaml", "train: {epochs: 1, batch_size: 1, threads: 1}\n");
  folder.write("b.yaml", "train: {epochs: 2, batch_size: 2}\n");
  const fs::path x =
      folder.write("x.yaml", "extends: [a.yaml, b.yaml]\ntrain: {epochs: 3}\n");
  const LoadedConfig loaded = load_config(x);
  EXPECT_EQ(loaded.config.train.epochs, 3);
  EXPECT_EQ(loaded.config.train.batch_size, 2);
  EXPECT_EQ(loaded.config.train.threads, 1);
  EXPECT_EQ(loaded.sources,
            (std::vector<fs::path>{folder.path() / "a.yaml",
                                   folder.path() / "b.yaml", x}));
}

TEST(Extends, TakesOnePathRelativeToTheFile) {
  const TemporaryFolder folder;
  folder.write("configs/base.yaml", "train: {epochs: 5}\n");
  const fs::path x = folder.write("experiments/deep/x.yaml",
                                  "extends: ../../configs/base.yaml\n");
  const LoadedConfig loaded = load_config(x);
  EXPECT_EQ(loaded.config.train.epochs, 5);
  EXPECT_EQ(loaded.sources[0], folder.path() / "configs/base.yaml");
}

TEST(Extends, MergesMapsAndReplacesLists) {
  const TemporaryFolder folder;
  folder.write("a.yaml",
               "data: {classes: [a, b, c], relabel: {x: a, y: b}}\n"
               "callbacks: {early_stopping: {patience: 4}}\n");
  const Config config =
      load_config(folder.write("x.yaml",
                               "extends: a.yaml\n"
                               "data: {classes: [a, b], relabel: {y: a}}\n"
                               "callbacks: {early_stopping: {}}\n"))
          .config;
  EXPECT_EQ(config.data.classes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.data.relabel,
            (std::map<std::string, std::string>{{"x", "a"}, {"y", "a"}}));
  EXPECT_EQ(config.callbacks.early_stopping->patience, 4);
}

TEST(Extends, NullSwitchesAnInheritedPartOffAndAMapOnAgain) {
  const TemporaryFolder folder;
  folder.write("a.yaml", "callbacks: {early_stopping: {patience: 4}}\n");
  const fs::path b = folder.write(
      "b.yaml", "extends: a.yaml\ncallbacks: {early_stopping: null}\n");
  const fs::path c = folder.write(
      "c.yaml", "extends: b.yaml\ncallbacks: {early_stopping: {}}\n");
  EXPECT_FALSE(load_config(b).config.callbacks.early_stopping);
  EXPECT_EQ(load_config(c).config.callbacks.early_stopping->patience, 0);
}

TEST(Extends, FaultsCarryTheFileThatTheSettingCameFrom) {
  const TemporaryFolder folder;
  const fs::path a =
      folder.write("configs/a.yaml", "\ntrain:\n  epochs: three\n");
  const fs::path x = folder.write(
      "e/x.yaml", "extends: ../configs/a.yaml\ntrain: {batch_size: 0}\n");
  EXPECT_EQ(load_faults(x),
            a.string() +
                ":3:11: train.epochs: expected an integer; got \"three\".\n" +
                x.string() +
                ":2:21: train.batch_size: expected 1 to 65536 images; got 0.");
}

TEST(Extends, CircleShowsTheChain) {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.yaml", "extends: b.yaml\n").string();
  const std::string b = folder.write("b.yaml", "extends: [c.yaml]\n").string();
  const std::string c = folder.write("c.yaml", "extends: ./a.yaml\n").string();
  EXPECT_EQ(load_faults(a), c + ":1:10: extends goes in a circle: " + a +
                                " -> " + b + " -> " + c + " -> " + a + ".");
}

TEST(Extends, FileMayBeReachedTwoWays) {
  const TemporaryFolder folder;
  folder.write("base.yaml", "train: {epochs: 2}\n");
  folder.write("a.yaml", "extends: base.yaml\n");
  folder.write("b.yaml", "extends: base.yaml\n");
  const auto loaded =
      load_config(folder.write("x.yaml", "extends: [a.yaml, b.yaml]\n"));
  EXPECT_EQ(loaded.config.train.epochs, 2);
  EXPECT_EQ(loaded.sources.size(), 4u);
}

TEST(Extends, TreeOfFilesIsBounded) {
  const TemporaryFolder folder;
  folder.write("f0.yaml", "{}\n");
  for (int i = 1; i <= 30; ++i) {  // 2^30 loads if nobody counted
    const std::string before = "f" + std::to_string(i - 1) + ".yaml";
    folder.write("f" + std::to_string(i) + ".yaml",
                 "extends: [" + before + ", " + before + "]\n");
  }
  const std::string text = load_faults(folder.path() / "f30.yaml");
  EXPECT_TRUE(text.ends_with("extends: more than 100 files.")) << text;
}

TEST(Extends, MissingFileIsNamedAndTheNearestSuggested) {
  const TemporaryFolder folder;
  folder.write("fernet.yaml", "{}\n");
  const fs::path x = folder.write("x.yaml", "extends: fernt.yaml\n");
  const std::string near = (folder.path() / "fernet.yaml").string();
  EXPECT_EQ(load_faults(x), x.string() + ":1:10: extends: no readable file " +
                                (folder.path() / "fernt.yaml").string() +
                                "; did you mean " + near + "?");
  EXPECT_EQ(load_faults(folder.path() / "fernte.yaml"),
            (folder.path() / "fernte.yaml").string() +
                ": no readable file; did you mean " + near + "?");
  EXPECT_EQ(load_faults("/nowhere/at/all.yaml"),
            "/nowhere/at/all.yaml: no readable file.");
}

TEST(Extends, WantsPaths) {
  EXPECT_EQ(faults_of("extends: {a: b}\n"),
            "x.yaml:1:10: extends: expected a path or a list of paths; got a "
            "map.");
  EXPECT_EQ(faults_of("extends: [[a]]\n"),
            "x.yaml:1:11: extends: expected a path; got a list.");
  EXPECT_EQ(faults_of("extends: []\n"), "");
}

TEST(Extends, PathsOfDataStayRelativeToTheCurrentFolder) {
  const TemporaryFolder folder;
  folder.write("configs/a.yaml", "data: {source: folder, path: data/x}\n");
  const fs::path x = folder.write("e/x.yaml", "extends: ../configs/a.yaml\n");
  EXPECT_EQ(load_config(x).config.data.path, "data/x");
}

TEST(LoadConfig, NamesTheExperimentAfterItsFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(
      load_config(folder.write("my_run.yaml", "{}")).config.experiment.name,
      "my_run");
  EXPECT_EQ(load_config(folder.write("x.yaml", "experiment: {name: y}"))
                .config.experiment.name,
            "y");
}

class Overrides : public testing::Test {
 protected:
  Config with(const std::vector<std::string>& overrides) const {
    return load_config(file_, overrides).config;
  }
  std::string faults(const std::vector<std::string>& overrides) const {
    return load_faults(file_, overrides);
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ =
      folder_.write("x.yaml", "callbacks: {early_stopping: {patience: 4}}\n");
};

TEST_F(Overrides, WinOverTheFileAndTheLastWins) {
  const Config config =
      with({"train.epochs=9", "train.epochs=8", "data.classes=[a, b]",
            "callbacks.early_stopping.patience=5", "experiment.name=a=b"});
  EXPECT_EQ(config.train.epochs, 8);
  EXPECT_EQ(config.data.classes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.callbacks.early_stopping->patience, 5);
  EXPECT_EQ(config.experiment.name, "a=b");
}

TEST_F(Overrides, SwitchPartsOnAndOff) {
  EXPECT_FALSE(
      with({"callbacks.early_stopping=null"}).callbacks.early_stopping);
  EXPECT_TRUE(with({"callbacks.ema={}"}).callbacks.ema);
  EXPECT_EQ(with({"callbacks.ema.decay=0.5"}).callbacks.ema->decay, 0.5);
  const Config again = with({"callbacks.early_stopping=null",
                             "callbacks.early_stopping.min_delta=0.1"});
  EXPECT_EQ(again.callbacks.early_stopping->patience, 0);
}

TEST_F(Overrides, FaultsNameTheOverride) {
  EXPECT_EQ(faults({"train.epochz=3"}),
            "-s train.epochz=3: train.epochz is not a setting; did you mean "
            "train.epochs?");
  EXPECT_EQ(faults({"train.epochs=three", "train.l2=-1"}),
            "-s train.epochs=three: train.epochs: expected an integer; got "
            "\"three\".\n"
            "-s train.l2=-1: train.l2: expected at least 0; got -1.");
  EXPECT_EQ(faults({"train.epochs.x=3"}),
            "-s train.epochs.x=3: train.epochs: expected an integer; got a "
            "map.");
  EXPECT_EQ(faults({"train=3"}),
            "-s train=3: train: expected a map of settings; got \"3\".");
}

TEST_F(Overrides, MalformedOnesAreFaults) {
  EXPECT_EQ(faults({"train.epochs"}),
            "-s train.epochs: expected section.setting=value.");
  EXPECT_EQ(faults({"train..epochs=3"}),
            "-s train..epochs=3: expected section.setting=value.");
  EXPECT_EQ(faults({"=3"}), "-s =3: expected section.setting=value.");
  EXPECT_EQ(faults({"extends=a.yaml"}),
            "-s extends=a.yaml: extends can stand in a file only.");
  EXPECT_EQ(faults({"data.classes=[a"}).substr(0, 43),
            "-s data.classes=[a:1:1: not valid YAML: end");
}

TEST(LoadConfig, TheNameOfTheFileMustFitAFolderToo) {
  const TemporaryFolder folder;
  EXPECT_EQ(load_faults(folder.write(".try.yaml", "{}")),
            "default: experiment.name = \".try\" cannot name a folder. Use "
            "letters, digits, - and _.");
}

TEST(Extends, ALinkToItselfIsNoReadableFile) {
  const TemporaryFolder folder;
  fs::create_symlink("loop.yaml", folder.path() / "loop.yaml");
  const std::string x = folder.write("x.yaml", "extends: loop.yaml\n").string();
  EXPECT_TRUE(
      load_faults(x).starts_with(x + ":1:10: extends: no readable file "));
}

}  // namespace
}  // namespace fer
