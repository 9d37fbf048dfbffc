#include "sweep/member_runner.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "config/config.h"
#include "core/json.h"
#include "fake_program.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class Runner : public testing::Test {
 protected:
  /// Members a, b, c, ... of an experiment of `epochs` epochs.
  void make_members(size_t count, int epochs = 3) {
    fake_.experiment(epochs);
    members_.clear();
    for (size_t i = 0; i < count; ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      const std::vector<std::string> settings = {"experiment.seed=" +
                                                 std::to_string(i)};
      Member member{name, fake_.folder() / "runs" / name,
                    load_config(fake_.folder() / "tiny.yaml", settings).config,
                    settings};
      fake_.prepare(member);
      look_at(member, "val_loss");
      members_.push_back(std::move(member));
    }
  }
  bool run(size_t jobs, int until = 0) {
    std::vector<size_t> all;
    for (size_t i = 0; i < members_.size(); ++i) all.push_back(i);
    LiveTable table("val_loss", false, log_, false);
    MemberRunner runner(fake_.recipe(),
                        std::vector<Slot>(jobs, Slot{usable_cores(), ""}),
                        table, interrupted_, [this] { ++changes_; });
    return runner.run(members_, all, until);
  }
  std::vector<MemberState> states() const {
    std::vector<MemberState> states;
    for (const Member& member : members_) states.push_back(member.state);
    return states;
  }
  std::string said() const {
    std::fflush(log_);
    return {text_, size_};
  }
  ~Runner() override {
    std::fclose(log_);
    free(text_);
  }

  FakeProgram fake_;
  std::vector<Member> members_;
  std::function<bool()> interrupted_ = [] { return false; };
  int changes_ = 0;
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* log_ = open_memstream(&text_, &size_);
};

constexpr auto kDone = MemberState::kDone;

TEST_F(Runner, BringsEveryMemberToItsEnd) {
  make_members(3);
  EXPECT_TRUE(run(2));
  EXPECT_THAT(states(), ElementsAre(kDone, kDone, kDone));
  for (const Member& member : members_) {
    EXPECT_TRUE(member.progress.complete);
    EXPECT_EQ(member.progress.epoch, 3);
  }
  EXPECT_GE(changes_, 6);  // each started, each ended
  EXPECT_THAT(said(), HasSubstr("a: running\n"));
  EXPECT_THAT(said(),
              HasSubstr("c: done after 3 epochs, best val_loss 0.5000\n"));
}

TEST_F(Runner, CallsTheProgramAsAPersonWould) {
  make_members(1);
  run(1);
  EXPECT_THAT(fake_.calls(),
              ElementsAre(fmt::format(
                  "run {}/tiny.yaml -s experiment.seed=0 --out {}/runs/a",
                  fake_.folder().string(), fake_.folder().string())));
}

TEST_F(Runner, SharesThreadsOutWhereSeveralRun) {
  make_members(1);
  const ChildRecipe recipe{"f", "x.yaml", {"--device", "cpu"}, "", "val_loss"};
  const Slot slot{{0, 1, 2}, ""};
  EXPECT_THAT(child_arguments(members_[0], recipe, slot, true),
              ElementsAre("f", "run", "x.yaml", "-s", "experiment.seed=0", "-s",
                          "train.threads=3", "--out",
                          members_[0].run_dir.string(), "--device", "cpu"));
  members_[0].config.train.threads = 1;  // chosen by the experiment
  EXPECT_THAT(child_arguments(members_[0], recipe, slot, true),
              Not(testing::Contains(HasSubstr("train.threads"))));
}

TEST_F(Runner, SkipsWhatIsComplete) {
  make_members(2);
  EXPECT_TRUE(run(1));
  make_members(3);
  EXPECT_THAT(states(), ElementsAre(kDone, kDone, MemberState::kWaiting));
  EXPECT_TRUE(run(1));
  EXPECT_THAT(states(), ElementsAre(kDone, kDone, kDone));
  EXPECT_EQ(fake_.calls().size(), 3u);
}

TEST_F(Runner, LosesOneMemberToACrash) {
  make_members(3);
  fake_.crash("b", 2);
  EXPECT_TRUE(run(1));
  EXPECT_THAT(states(), ElementsAre(kDone, MemberState::kFailed, kDone));
  EXPECT_EQ(members_[1].fault, "signal 9 (Killed)");
  EXPECT_THAT(said(), HasSubstr(fmt::format(
                          "b failed: signal 9 (Killed); {}/logs/b.log ends "
                          "with:\n  epoch 2\n  out of memory\n",
                          fake_.folder().string())));
  EXPECT_THAT(said(), HasSubstr("b: failed after 1 epoch, best val_loss 0.5000 "
                                "(signal 9 (Killed))\n"));
}

TEST_F(Runner, GoesOnWithWhatCrashedWhenCalledAgain) {
  make_members(1);
  fake_.crash("a", 2);
  run(1);
  fake_.mend("a");
  make_members(1);
  EXPECT_EQ(members_[0].state, MemberState::kWaiting);
  EXPECT_TRUE(run(1));
  EXPECT_THAT(states(), ElementsAre(kDone));
  const std::string run_dir = members_[0].run_dir.string();
  EXPECT_THAT(
      fake_.calls()[1],
      EndsWith("run " + run_dir + "/config.yaml --resume --out " + run_dir));
}

TEST_F(Runner, StopsAMemberAtARungAndGoesOnLater) {
  make_members(1, 40);
  EXPECT_TRUE(run(1, 2));
  EXPECT_EQ(members_[0].state, MemberState::kPaused);
  EXPECT_GE(members_[0].progress.epoch, 2);
  EXPECT_LT(members_[0].progress.epoch, 40);
  EXPECT_TRUE(run(1, 2));  // it is there already
  EXPECT_EQ(fake_.calls().size(), 1u);
  EXPECT_TRUE(run(1));
  EXPECT_EQ(members_[0].state, kDone);
  EXPECT_EQ(members_[0].progress.epoch, 40);
  EXPECT_EQ(fake_.calls().size(), 2u);
}

TEST_F(Runner, SavesEverythingWhenInterrupted) {
  make_members(3, 400);
  interrupted_ = [this] {
    return fs::exists(members_[0].run_dir / "history.csv") &&
           fs::exists(members_[1].run_dir / "history.csv");
  };
  EXPECT_FALSE(run(2));
  EXPECT_THAT(states(),
              ElementsAre(MemberState::kInterrupted, MemberState::kInterrupted,
                          MemberState::kWaiting));
  // The shell may also say that its sleep was terminated.
  EXPECT_THAT(read_file(fake_.folder() / "logs/a.log"),
              EndsWith("interrupted\n"));
  EXPECT_EQ(fake_.calls().size(), 2u);
}

TEST_F(Runner, TakesAChildThatWasStoppedByOthersForInterrupted) {
  make_members(1);
  fake_.replace("#!/bin/sh\nexit 130\n");
  EXPECT_TRUE(run(1));
  EXPECT_EQ(members_[0].state, MemberState::kInterrupted);
}

TEST_F(Runner, DoesNotTakeAnEndForASuccess) {
  make_members(1);
  fake_.replace("#!/bin/sh\necho nothing to do\nexit 0\n");
  EXPECT_TRUE(run(1));
  EXPECT_EQ(members_[0].state, MemberState::kFailed);
  EXPECT_THAT(said(), HasSubstr("a failed: exit code 0; "));
}

TEST_F(Runner, LosesOneMemberToADamagedFile) {
  make_members(2);
  fake_.replace(
      "#!/bin/sh\nwhile [ $1 != --out ]; do shift; "
      "done\nmkdir -p $2; touch $2/config.yaml\n"
      "echo rubbish > $2/history.csv\nexit 1\n");
  EXPECT_TRUE(run(1));
  EXPECT_THAT(states(),
              ElementsAre(MemberState::kFailed, MemberState::kFailed));
  EXPECT_THAT(said(), HasSubstr("b failed: [csv] expected a column 'epoch'"));
}

TEST_F(Runner, LosesOneMemberThatCannotStart) {
  make_members(1);
  fs::remove(fake_.program());
  EXPECT_TRUE(run(1));
  EXPECT_EQ(members_[0].state, MemberState::kFailed);
  EXPECT_THAT(said(), HasSubstr("a: [pool] expected a program that starts"));
}

TEST_F(Runner, RefusesAFolderOfOtherSettings) {
  make_members(1);
  run(1);
  Member other = members_[0];
  other.config.train.batch_size = 999;
  EXPECT_EQ(error_text([&] { look_at(other, "val_loss"); }),
            fmt::format("[runs] expected the settings that a began with; got "
                        "others for train.batch_size ({}/config.yaml). Give "
                        "the experiment another name, or name another folder "
                        "with --out.",
                        other.run_dir.string()));
}

}  // namespace
}  // namespace fer
