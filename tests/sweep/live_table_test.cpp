#include "sweep/live_table.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "core/text.h"

namespace fer {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TableRow row(const std::string& name, MemberState state, int epoch = 0) {
  return {name, state, epoch, 10, std::nullopt, 0, ""};
}

/// What a table writes to a stream.
class Output {
 public:
  Output() : file_(open_memstream(&text_, &size_)) {}
  ~Output() {
    std::fclose(file_);
    free(text_);
  }
  std::FILE* file() const { return file_; }
  std::string take() {
    std::fflush(file_);
    const std::string all(text_, size_);
    const std::string fresh = all.substr(seen_);
    seen_ = all.size();
    return fresh;
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* file_;
  size_t seen_ = 0;
};

TEST(LiveTable, ShowsAllThatAPersonWantsToKnow) {
  std::vector<TableRow> rows = {row("seed-42", MemberState::kDone, 10),
                                row("seed-43", MemberState::kRunning, 4),
                                row("seed-44", MemberState::kWaiting)};
  rows[0].value = 0.43121;
  rows[1].value = 0.5;
  rows[1].epoch_seconds = 20;
  // Left: 6 epochs of 20 s, and 10 of the mean, 20 s: 320 s with one running.
  EXPECT_THAT(
      table_lines("val_loss", rows, 24, 100),
      ElementsAre("run        state  epoch  val_loss   time left",
                  "seed-42     done  10/10    0.4312",
                  "seed-43  running   4/10    0.5000  2 min 00 s",
                  "seed-44  waiting   0/10",
                  "1 of 3 done, 1 running, 1 waiting; about 5 min 20 s left"));
}

TEST(LiveTable, SaysWhyARunFailed) {
  TableRow failed = row("seed-42", MemberState::kFailed, 3);
  failed.note = "signal 9 (Killed)";
  const auto lines = table_lines("val_loss", {failed}, 24, 100);
  EXPECT_THAT(lines[1],
              HasSubstr("failed   3/10            signal 9 (Killed)"));
  EXPECT_EQ(lines.back(), "0 of 1 done, 1 failed");
}

TEST(LiveTable, KeepsToTheScreen) {
  std::vector<TableRow> rows;
  for (int i = 0; i < 50; ++i)
    rows.push_back(row(fmt::format("trial-{:03}", i), MemberState::kWaiting));
  rows[40].state = MemberState::kRunning;
  rows[7].state = MemberState::kFailed;
  const auto lines = table_lines("val_loss", rows, 6, 20);
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_THAT(lines[1], StartsWith("trial-000"));
  EXPECT_THAT(lines[2], StartsWith("trial-007"));
  EXPECT_THAT(lines[3], StartsWith("trial-040"));
  EXPECT_EQ(lines[4], "... and 47 more");
  for (const std::string& line : lines) EXPECT_LE(line.size(), 20u);
}

TEST(LiveTable, KnowsTheTimeOnlyAfterAnEpoch) {
  TableRow running = row("a", MemberState::kRunning, 0);
  EXPECT_FALSE(seconds_left(running));
  running.epoch = 2;
  running.epoch_seconds = 3;
  EXPECT_EQ(seconds_left(running), 24);  // 8 epochs of 3 s
}

TEST(LiveTable, PrintsChangesOfStateOffATerminal) {
  Output output;
  LiveTable table("val_loss", false, output.file(), false);
  std::vector<TableRow> rows = {row("a", MemberState::kWaiting)};
  table.update(rows);
  EXPECT_EQ(output.take(), "");
  rows[0].state = MemberState::kRunning;
  table.update(rows);
  EXPECT_EQ(output.take(), "a: running\n");
  rows[0].epoch = 4;
  table.update(rows);
  EXPECT_EQ(output.take(), "");
  rows[0].value = 0.25;
  rows[0].state = MemberState::kDone;
  table.finish(rows);
  EXPECT_EQ(output.take(), "a: done after 4 epochs, best val_loss 0.2500\n");
  table.finish(rows);
  EXPECT_EQ(output.take(), "");
}

TEST(LiveTable, RedrawsInPlaceOnATerminal) {
  Output output;
  LiveTable table("val_loss", false, output.file(), true);
  std::vector<TableRow> rows = {row("a", MemberState::kRunning)};
  table.update(rows);
  const std::string first = output.take();
  EXPECT_THAT(first, Not(HasSubstr("\033[")));
  table.update(rows);
  EXPECT_EQ(output.take(), "");  // too soon
  rows[0].state = MemberState::kDone;
  table.finish(rows);
  // Three lines up, and away with what stands there.
  EXPECT_THAT(output.take(), StartsWith("\033[3A\r\033[J"));
}

TEST(LiveTable, SpeaksAboveTheTable) {
  Output output;
  LiveTable table("val_loss", false, output.file(), true);
  const std::vector<TableRow> rows = {row("a", MemberState::kRunning)};
  table.update(rows);
  output.take();
  table.say("a failed");
  EXPECT_EQ(output.take(), "\033[3A\r\033[Ja failed\n");
  table.finish(rows);
  EXPECT_THAT(output.take(), StartsWith("run "));
}

TEST(LiveTable, SaysOnlyWhatMustBeSaidWhenQuiet) {
  Output output;
  LiveTable table("val_loss", true, output.file(), true);
  table.update({row("a", MemberState::kRunning)});
  table.finish({row("a", MemberState::kFailed)});
  EXPECT_EQ(output.take(), "");
  table.say("a failed");
  EXPECT_EQ(output.take(), "a failed\n");
}

TEST(LiveTable, ShowsTheNewestOfTheFinished) {
  std::vector<TableRow> rows;
  for (int i = 0; i < 9; ++i)
    rows.push_back(row(fmt::format("t{}", i), MemberState::kDone, 10));
  EXPECT_THAT(table_lines("val_loss", rows, 5, 80)[1], StartsWith("t7"));
}

}  // namespace
}  // namespace fer
