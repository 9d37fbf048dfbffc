#include "leaderboard/ledger.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "board_fixture.h"
#include "core/file.h"
#include "leaderboard/run_origin.h"

namespace fer {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

Look a_look(const std::string& run = "../runs/alpha/seed-42") {
  return {"2026-11-21T09:45:00Z", "1a2b3c4", run,  "alpha",    "clean",
          "fer2013 (happy, sad)", "test",    1474, "accuracy", 0.8948};
}

TEST(Ledger, HoldsOneLinePerLook) {
  const TemporaryFolder results;
  append_look(results / "new", a_look());
  append_look(results / "new", a_look());
  EXPECT_EQ(read_file(results / "new" / "ledger.csv"),
            "time,commit,run,experiment,protocol,data,split,n,metric,value\n"
            "2026-11-21T09:45:00Z,1a2b3c4,../runs/alpha/seed-42,alpha,clean,"
            "\"fer2013 (happy, sad)\",test,1474,accuracy,0.8948\n"
            "2026-11-21T09:45:00Z,1a2b3c4,../runs/alpha/seed-42,alpha,clean,"
            "\"fer2013 (happy, sad)\",test,1474,accuracy,0.8948\n");
}

TEST(Ledger, GivesBackWhatWasAppended) {
  const TemporaryFolder results;
  EXPECT_TRUE(read_ledger(results.path()).empty());
  append_look(results.path(), a_look());
  const auto ledger = read_ledger(results.path());
  ASSERT_EQ(ledger.size(), 1u);
  EXPECT_EQ(ledger[0].data, "fer2013 (happy, sad)");
  EXPECT_EQ(ledger[0].n, 1474);
  EXPECT_EQ(ledger[0].value, 0.8948);
}

TEST(Ledger, CountsPerExperimentProtocolAndData) {
  Look validation = a_look(), other = a_look(), leaky = a_look();
  validation.split = "val";
  other.experiment = "beta";
  leaky.protocol = "report";
  const std::vector<Look> ledger = {a_look(), validation, other, leaky,
                                    a_look("x")};
  EXPECT_EQ(looks(ledger, "alpha", "clean", "fer2013 (happy, sad)"), 2);
  EXPECT_EQ(looks(ledger, "beta", "clean", "fer2013 (happy, sad)"), 1);
  EXPECT_EQ(looks(ledger, "alpha", "clean", "other"), 0);
}

TEST(Ledger, TimesALookItselfInUtc) {
  const TemporaryFolder results;
  Look look = a_look();
  look.time = "";
  append_look(results.path(), look);
  EXPECT_THAT(
      read_ledger(results.path())[0].time,
      testing::MatchesRegex("20[0-9-]{8}T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"));
}

TEST(Ledger, LosesNothingWhenProcessesWriteAtOnce) {
  const TemporaryFolder results;
  // The children also race for who makes the file.
  ASSERT_TRUE(in_processes(6, [&](int child) {
    for (int i = 0; i < 20; ++i)
      append_look(results.path(), a_look(fmt::format("{}-{}", child, i)));
  }));
  std::set<std::string> runs;
  for (const Look& look : read_ledger(results.path())) runs.insert(look.run);
  EXPECT_EQ(runs.size(), 120u);
  EXPECT_EQ(read_ledger(results.path()).size(), 120u);
}

TEST(Ledger, LosesNothingWhenThreadsWriteAtOnce) {
  const TemporaryFolder results;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) append_look(results.path(), a_look());
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read_ledger(results.path()).size(), 80u);
}

TEST(Ledger, KeepsALookOnOneLineWhateverItsNamesHold) {
  const TemporaryFolder results;
  Look look = a_look("a \"run\",\nwith\tmore");
  append_look(results.path(), look);
  append_look(results.path(), a_look());
  const auto ledger = read_ledger(results.path());
  ASSERT_EQ(ledger.size(), 2u);
  EXPECT_EQ(ledger[0].run, "a \"run\", with more");
}

TEST(Ledger, RefusesALookThatSaysNothing) {
  const TemporaryFolder results;
  const auto text_without = [&](auto change) {
    Look look = a_look();
    change(look);
    return error_text([&] { append_look(results.path(), look); });
  };
  EXPECT_EQ(text_without([](Look& look) { look.experiment = ""; }),
            "[ledger] expected time, experiment, protocol, split, n, metric "
            "and a finite value; got an empty experiment (run "
            "'../runs/alpha/seed-42'). Score the run again.");
  EXPECT_THAT(text_without([](Look& look) { look.value = NAN; }),
              HasSubstr("got the value nan"));
  EXPECT_THAT(text_without([](Look& look) { look.n = 0; }),
              HasSubstr("got n = 0"));
  EXPECT_THAT(text_without([](Look& look) { look.time = "today"; }),
              HasSubstr("got time 'today', not YYYY-MM-DDThh:mm:ssZ"));
  EXPECT_FALSE(fs::exists(results / "ledger.csv"));
}

// What a file that is not as the tool writes it leads to, on both ways in.
void expect_refused(const std::string& text, const std::string& message) {
  const TemporaryFolder results;
  const fs::path path = results.write("ledger.csv", text);
  EXPECT_THAT(error_text([&] { read_ledger(results.path()); }),
              HasSubstr(message));
  EXPECT_THAT(error_text([&] { append_look(results.path(), a_look()); }),
              HasSubstr(message));
  EXPECT_EQ(read_file(path), text) << "must be left as it is";
}

const std::string kHead =
    "time,commit,run,experiment,protocol,data,split,n,metric,value\n";
const std::string kGood =
    "2026-11-21T09:45:00Z,c,r,alpha,clean,d,test,10,accuracy,0.5\n";

TEST(Ledger, RefusesAForeignFile) {
  expect_refused("name,score\nalpha,1\n",
                 "[ledger] expected the columns time,commit,run,experiment,"
                 "protocol,data,split,n,metric,value; got 'name,score'");
  expect_refused("name,score\nalpha,1\n", "ledger.csv:1:1). Restore the file");
}

TEST(Ledger, RefusesHalfALine) {
  expect_refused(kHead + kGood + "2026-11-21T09:4",
                 "[ledger] expected a line break at the end; got half a line");
  expect_refused(kHead + kGood + "2026-11-21T09:4",
                 "ledger.csv:3:1). Complete or remove that line.");
}

TEST(Ledger, NamesTheLineOfADamagedLook) {
  expect_refused(kHead + kGood + "x,1\n", "[csv] expected 10 fields; got 2");
  expect_refused(
      kHead + kGood +
          "2026-11-21T09:45:00Z,c,r,alpha,clean,d,test,ten,accuracy,0.5\n",
      "[ledger] expected a whole number in column n; got 'ten'");
  expect_refused(
      kHead + "\n" + kGood +
          "2026-11-21T09:45:00Z,c,r,alpha,clean,d,test,10,accuracy,much\n",
      "ledger.csv:4:1). Restore the file from version control or a backup, or "
      "move it away to start a new one.");
  expect_refused(kHead + "yesterday,c,r,alpha,clean,d,test,10,accuracy,0.5\n",
                 "[ledger] expected a look; got time 'yesterday'");
}

TEST(Ledger, TakesARunAtItsWord) {
  const TemporaryFolder folder;
  write_run(folder / "runs" / "alpha", {.images = 60});
  const Look look = look_of(folder / "results", folder / "runs" / "alpha");
  EXPECT_EQ(look.run, "../runs/alpha");
  EXPECT_EQ(look.experiment, "alpha");
  EXPECT_EQ(look.protocol, "clean");
  EXPECT_EQ(look.data, "fer2013 (happy, sad)");
  EXPECT_EQ(look.commit, "1a2b3c4d5e");
  EXPECT_EQ(look.n, 60);
  append_look(folder / "results", look);
  EXPECT_THAT(
      error_text([&] {
        look_of(folder / "results", folder / "runs" / "alpha", "val");
      }),
      HasSubstr("[ledger] expected scores of the split 'val' in metrics.json; "
                "got none"));
}

}  // namespace
}  // namespace fer
