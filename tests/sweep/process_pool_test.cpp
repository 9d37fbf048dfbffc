#include "sweep/process_pool.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "core/temporary_folder.h"
#include "core/text.h"
#include "sweep/log_tail.h"
#include "wait_for.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

class Pool : public testing::Test {
 protected:
  Child shell(const std::string& name, const std::string& script) const {
    return {name, {"/bin/sh", "-c", script}, folder_ / (name + ".log")};
  }
  std::string log(const std::string& name) const {
    return read_file(folder_ / (name + ".log"));
  }
  /// All ends, by the time the pool is idle.
  static std::vector<ChildEnd> finish(ProcessPool& pool) {
    std::vector<ChildEnd> ends;
    while (!pool.idle()) {
      for (ChildEnd& end : pool.wait(10)) ends.push_back(std::move(end));
    }
    return ends;
  }

  TemporaryFolder folder_;
};

// A child that has ended may wait for somebody to take it away: "42 (sh) Z".
bool alive(pid_t pid) {
  const fs::path path = fmt::format("/proc/{}/stat", pid);
  try {
    return split(read_file(path), ' ').at(2) != "Z";
  } catch (const std::exception&) {
    return false;
  }
}

TEST_F(Pool, TellsHowAChildEnded) {
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "exit 7"));
  const auto ends = finish(pool);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].name, "a");
  EXPECT_EQ(ends[0].exit_code, 7);
  EXPECT_EQ(describe_end(ends[0]), "exit code 7");
}

TEST_F(Pool, TellsWhichSignalEndedAChild) {
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "kill -9 $$"));
  const auto ends = finish(pool);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].exit_code, -1);
  EXPECT_EQ(describe_end(ends[0]), "signal 9 (Killed)");
}

TEST_F(Pool, AddsBothOutputsToTheLog) {
  folder_.write("a.log", "before\n");
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "echo out; echo err >&2"));
  finish(pool);
  EXPECT_EQ(log("a"), "before\nout\nerr\n");
}

TEST_F(Pool, GivesChildrenNothingToRead) {
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "cat; echo end"));
  finish(pool);
  EXPECT_EQ(log("a"), "end\n");
}

TEST_F(Pool, IsFullWithAChildInEachSlot) {
  ProcessPool pool({Slot{}, Slot{}});
  EXPECT_TRUE(pool.idle());
  pool.start(shell("a", "exec sleep 30"));
  EXPECT_FALSE(pool.full());
  pool.start(shell("b", "exit 0"));
  EXPECT_TRUE(pool.full());
  const auto ends = pool.wait(10);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].name, "b");
  EXPECT_FALSE(pool.full());
  pool.start(shell("c", "exit 0"));
  EXPECT_TRUE(pool.full());
}

TEST_F(Pool, ReturnsEmptyWhenNobodyEnds) {
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "exec sleep 30"));
  EXPECT_TRUE(pool.wait(0.02).empty());
}

TEST_F(Pool, BindsAChildToItsSlot) {
  const int core = usable_cores().back();
  ProcessPool pool({Slot{{core}, "5"}});
  pool.start(shell("a",
                   "grep Cpus_allowed_list /proc/self/status; "
                   "echo gpu $CUDA_VISIBLE_DEVICES"));
  finish(pool);
  EXPECT_EQ(log("a"), fmt::format("Cpus_allowed_list:\t{}\ngpu 5\n", core));
}

TEST_F(Pool, LeavesTheGpusAloneWithoutOneInTheSlot) {
  ::setenv("CUDA_VISIBLE_DEVICES", "6", 1);
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "echo gpu $CUDA_VISIBLE_DEVICES"));
  finish(pool);
  ::unsetenv("CUDA_VISIBLE_DEVICES");
  EXPECT_EQ(log("a"), "gpu 6\n");
}

TEST_F(Pool, PassesAStopOnOnce) {
  ProcessPool pool({Slot{}});
  pool.start(shell("a",
                   "trap 'echo stop' TERM; echo ready; "
                   "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.05; done; "
                   "exit 130"));
  ASSERT_TRUE(wait_for([&] { return log("a") == "ready\n"; }));
  pool.stop_all();
  pool.stop("a");
  pool.stop_all();
  EXPECT_EQ(finish(pool)[0].exit_code, 130);
  // The group's sleep is ended, too; the shell may say so.
  const auto lines = split(log("a"), '\n');
  EXPECT_EQ(std::ranges::count(lines, "stop"), 1);
}

TEST_F(Pool, StopsTheNamedChildOnly) {
  ProcessPool pool({Slot{}, Slot{}});
  pool.start(shell("a", "exec sleep 30"));
  pool.start(shell("b", "sleep 0.1; exit 3"));
  pool.stop("a");
  auto ends = finish(pool);
  std::ranges::sort(ends, {}, &ChildEnd::name);
  EXPECT_EQ(ends[0].signal, SIGTERM);
  EXPECT_EQ(ends[1].exit_code, 3);
}

TEST_F(Pool, LeavesNoGrandchildBehind) {
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "sleep 30 & echo $!; exit 1"));
  finish(pool);
  const pid_t grandchild = std::stoi(log("a"));
  EXPECT_TRUE(wait_for([&] { return !alive(grandchild); }));
}

TEST_F(Pool, KillsWhatRunsWhenItIsDestroyed) {
  pid_t child = 0, grandchild = 0;
  {
    ProcessPool pool({Slot{}});
    pool.start(shell("a", "trap '' TERM; sleep 30 & echo $$ $!; wait"));
    ASSERT_TRUE(wait_for([&] { return !log("a").empty(); }));
    const auto words = split(log("a"), ' ');
    child = std::stoi(words[0]);
    grandchild = std::stoi(words[1]);
    EXPECT_TRUE(alive(child));
  }
  EXPECT_FALSE(alive(child));
  EXPECT_TRUE(wait_for([&] { return !alive(grandchild); }));
}

// What `kill -9` of ferbench itself leaves.
TEST_F(Pool, LeavesNoChildWhenItsOwnerIsKilled) {
  const pid_t owner = ::fork();
  if (owner == 0) {
    ProcessPool pool({Slot{}});
    pool.start(shell("a", "trap '' TERM; echo $$; while :; do sleep 1; done"));
    for (;;) pool.wait(10);
  }
  ASSERT_TRUE(wait_for(
      [&] { return fs::exists(folder_ / "a.log") && !log("a").empty(); }));
  const pid_t child = std::stoi(log("a"));
  EXPECT_TRUE(alive(child));
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  EXPECT_TRUE(wait_for([&] { return !alive(child); }));
}

TEST_F(Pool, RefusesAProgramThatIsNotThere) {
  ProcessPool pool({Slot{}});
  EXPECT_EQ(error_text([&] {
              pool.start({"a", {"/no/such/program"}, folder_ / "a.log"});
            }),
            "[pool] expected a program that starts; got 'No such file or "
            "directory' (/no/such/program). Check the path and the memory "
            "that is free.");
  EXPECT_TRUE(pool.idle());
}

TEST_F(Pool, RefusesALogThatCannotBeWritten) {
  ProcessPool pool({Slot{}});
  folder_.write("file", "");
  EXPECT_THAT(error_text([&] {
                pool.start({"a", {"/bin/true"}, folder_ / "file" / "a.log"});
              }),
              HasSubstr("[pool] expected a log file that can be written; got "
                        "'Not a directory' ("));
}

TEST_F(Pool, WakesUpWhenASignalComes) {
  std::signal(SIGALRM, [](int) {});
  ProcessPool pool({Slot{}});
  pool.start(shell("a", "exec sleep 30"));
  const auto start = std::chrono::steady_clock::now();
  // Again and again: the first may come before the wait has begun.
  ::ualarm(50'000, 50'000);
  EXPECT_TRUE(pool.wait(20).empty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  ::ualarm(0, 0);
  std::signal(SIGALRM, SIG_DFL);
}

TEST(LogTail, GivesTheLastLinesThatSaySomething) {
  const TemporaryFolder folder;
  const fs::path log = folder.write("log", "one\ntwo\n\n\x1b[Kthree\r\n\n");
  EXPECT_EQ(last_lines(log, 2), (std::vector<std::string>{"two", "[Kthree"}));
  EXPECT_EQ(last_lines(log, 9).size(), 3u);
  EXPECT_TRUE(last_lines(folder / "none", 2).empty());
}

TEST(LogTail, ReadsTheEndOfALongLogAlone) {
  const TemporaryFolder folder;
  const fs::path log =
      folder.write("log", std::string(1 << 20, 'x') + "\n" + "end\n");
  const auto lines = last_lines(log, 2);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].size(), 300u);
  EXPECT_EQ(lines[1], "end");
}

}  // namespace
}  // namespace fer
