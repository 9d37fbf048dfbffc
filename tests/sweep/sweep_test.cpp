#include "sweep/sweep.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "core/csv.h"
#include "core/file.h"
#include "fake_program.h"
#include "sweep/seed_group.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Sweeps : public testing::Test {
 protected:
  Sweeps() { fake_.experiment(9); }

  /// Nine trials of nine epochs, rungs at 1 and 3; the loss of trial i is
  /// 0.1 * ((i + 5) % 9): trial 4 is the best, then 5, 6, ...
  Sweep make(const std::string& more = "") {
    write_file(fake_.folder() / "s.yaml",
               "experiment: tiny.yaml\ntrials: 9\nhalving: {}\nspace:\n"
               "  optimizer.learning_rate: {log_uniform: [1e-4, 1e-2]}\n" +
                   more);
    Sweep sweep(load_sweep(fake_.folder() / "s.yaml"), {}, "");
    for (size_t i = 0; i < sweep.members().size(); ++i)
      fake_.prepare(sweep.members()[i], fmt::format("0.{}", (i + 5) % 9));
    return sweep;
  }
  bool run(Sweep& sweep, size_t jobs = 2) {
    LiveTable table("val_loss", true);
    MemberRunner runner(fake_.recipe(),
                        std::vector<Slot>(jobs, Slot{usable_cores(), ""}),
                        table, interrupted_, [&] { sweep.write_csv(); });
    return sweep.run(runner);
  }
  CsvTable csv() const { return read_csv(fake_.folder() / "runs/s/sweep.csv"); }
  std::vector<std::string> column(const std::string& name) const {
    const CsvTable table = csv();
    std::vector<std::string> values;
    for (const auto& row : table.rows)
      values.push_back(row[table.column(name)]);
    return values;
  }

  FakeProgram fake_;
  std::function<bool()> interrupted_ = [] { return false; };
};

TEST_F(Sweeps, TrainTheBestTrialsLonger) {
  Sweep sweep = make();
  EXPECT_TRUE(run(sweep));
  EXPECT_THAT(column("state"),
              ElementsAre("dropped", "dropped", "dropped", "dropped", "done",
                          "dropped", "dropped", "dropped", "dropped"));
  EXPECT_THAT(column("rung"),
              ElementsAre("1", "1", "1", "1", "3", "2", "2", "1", "1"));
  EXPECT_THAT(column("val_loss"), ElementsAre("0.5", "0.6", "0.7", "0.8", "0",
                                              "0.1", "0.2", "0.3", "0.4"));
  EXPECT_EQ(column("epochs")[4], "9");
  EXPECT_EQ(column("seconds")[4], "2.25");  // 9 epochs of 0.25 s
}

TEST_F(Sweeps, KeepTheTestSplitUnseen) {
  const Sweep sweep = make();
  for (const Member& member : sweep.members()) {
    EXPECT_THAT(member.config.evaluate.splits, ElementsAre("val"));
    EXPECT_THAT(member.settings, testing::Contains("evaluate.splits=[val]"));
  }
}

TEST_F(Sweeps, EndTheSameHoweverManyRunAtOnce) {
  Sweep one = make();
  EXPECT_TRUE(run(one, 1));
  const auto states = column("state");
  fs::remove_all(fake_.folder() / "runs");
  Sweep many = make();
  EXPECT_TRUE(run(many, 5));
  EXPECT_EQ(column("state"), states);
}

TEST_F(Sweeps, LoseOneTrialToACrash) {
  fake_.crash("trial-004", 1);
  Sweep sweep = make();
  EXPECT_TRUE(run(sweep));
  EXPECT_EQ(column("state")[4], "failed");
  EXPECT_EQ(column("fault")[4], "signal 9 (Killed)");
  EXPECT_EQ(column("state")[5], "done");  // the second best
  EXPECT_EQ(sweep.json()["best"], "trial-005");
}

TEST_F(Sweeps, GoOnWhereTheyWereInterrupted) {
  Sweep first = make();
  interrupted_ = [this] {
    return fs::exists(fake_.folder() / "runs/s/trial-006/history.csv");
  };
  EXPECT_FALSE(run(first, 1));
  const size_t before = fake_.calls().size();
  EXPECT_LT(before, 9u);
  interrupted_ = [] { return false; };
  Sweep second = make();
  EXPECT_TRUE(run(second));
  EXPECT_THAT(column("rung"),
              ElementsAre("1", "1", "1", "1", "3", "2", "2", "1", "1"));
  // Nothing ran twice: 9 + 3 + 1 starts, and one for the interrupted trial,
  // unless it had come to its rung.
  EXPECT_LE(fake_.calls().size(), 14u);
}

TEST_F(Sweeps, ChangeNothingWhenTheyAreComplete) {
  Sweep first = make();
  EXPECT_TRUE(run(first));
  const size_t calls = fake_.calls().size();
  const auto states = column("state");
  const Json json = first.json();
  Sweep second = make();
  EXPECT_TRUE(run(second));
  EXPECT_EQ(fake_.calls().size(), calls);
  EXPECT_EQ(column("state"), states);
  EXPECT_EQ(second.json(), json);
}

TEST_F(Sweeps, SayWhatIsBestWhatMattersAndWhatIsNext) {
  Sweep sweep = make();
  EXPECT_TRUE(run(sweep));
  const std::string rate =
      sweep.json()["trials"][4]["settings"]["optimizer.learning_rate"];
  const std::string text = sweep.text();
  EXPECT_THAT(text, HasSubstr("sweep s: 9 trials, the best 9 by val_loss "
                              "(lower is better)\n\ntrial      val_loss"));
  EXPECT_LT(text.find("trial-004"), text.find("trial-005"));
  EXPECT_THAT(text, HasSubstr("settings that matter: share of the order of all "
                              "trials at epoch 1"));
  EXPECT_THAT(text,
              HasSubstr(fmt::format("next:   ferbench run {}/tiny.yaml -s "
                                    "experiment.name=s-best -s "
                                    "optimizer.learning_rate={} --seeds 5\n",
                                    fake_.folder().string(), rate)));
  EXPECT_EQ(sweep.json()["effects"][0]["setting"], "optimizer.learning_rate");
  EXPECT_EQ(sweep.json()["rungs"][1]["trials"], 3);
}

TEST_F(Sweeps, ShowTheirPlan) {
  const std::string text = make().plan_text();
  EXPECT_THAT(text, HasSubstr("trial      optimizer.learning_rate\n"));
  EXPECT_THAT(text, HasSubstr("9 trials to epoch 1\n3 trials to epoch 3\n1 "
                              "trial to epoch 9\n"));
}

TEST_F(Sweeps, RefuseOtherTrialsInTheirFolder) {
  make().write_csv();
  EXPECT_THAT(error_text([&] { make("seed: 2\n"); }),
              HasSubstr("[sweep] expected the trials that the sweep began "
                        "with; got optimizer.learning_rate = "));
  EXPECT_THAT(error_text([&] { make("  train.batch_size: [8, 16]\n"); }),
              HasSubstr("got a new setting, train.batch_size ("));
}

TEST_F(Sweeps, NameTheTrialWhoseSettingsContradictEachOther) {
  const std::string text =
      error_text([&] { make("  optimizer.momentum: [0.5, 0.6]\n"); });
  EXPECT_THAT(text, HasSubstr("-s optimizer.momentum=0."));
  EXPECT_THAT(text, HasSubstr("optimizer.momentum = 0."));
  EXPECT_THAT(text, HasSubstr("(trial-000 of the sweep s: "
                              "optimizer.learning_rate="));
}

TEST_F(Sweeps, RefuseToHalveTrialsOfDifferentLengths) {
  EXPECT_EQ(error_text([&] { make("  train.epochs: [8, 7]\n"); }).substr(0, 73),
            "[sweep] expected one train.epochs for all trials under halving; "
            "got 9 and");
}

TEST(SweepFiles, AllLoadAndOpenWithWhatTheyAre) {
  size_t files = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(FERBENCH_SOURCE_DIR) / "sweeps")) {
    const fs::path folder = TemporaryFolder().path();
    const Sweep sweep(load_sweep(entry.path()), {}, folder);
    EXPECT_FALSE(sweep.members().empty());
    EXPECT_TRUE(read_file(entry.path()).starts_with("# ")) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 1u);
}

TEST_F(Sweeps, AreOneRunEachUnderKfold) {
  const fs::path file = fake_.experiment(9);
  append_line(file, "data: {split: {protocol: kfold}}");
  const Sweep sweep = make();
  for (const Member& member : sweep.members())
    EXPECT_EQ(folds_to_run(file, member.settings), 0);
}

}  // namespace
}  // namespace fer
