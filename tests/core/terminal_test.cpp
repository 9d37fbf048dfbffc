#include "core/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace fer {
namespace {

TEST(FormatDuration, ChangesUnitWithSize) {
  EXPECT_EQ(format_duration(0), "0.0 s");
  EXPECT_EQ(format_duration(8.24), "8.2 s");
  EXPECT_EQ(format_duration(185), "3 min 05 s");
  EXPECT_EQ(format_duration(3720), "1 h 02 min");
  EXPECT_EQ(format_duration(360'000), "100 h 00 min");
}

TEST(FormatDuration, RoundsIntoTheNextUnit) {
  EXPECT_EQ(format_duration(59.94), "59.9 s");
  EXPECT_EQ(format_duration(59.96), "1 min 00 s");
  EXPECT_EQ(format_duration(3599.4), "59 min 59 s");
  EXPECT_EQ(format_duration(3599.6), "1 h 00 min");
  EXPECT_EQ(format_duration(3600 + 59 * 60 + 45), "2 h 00 min");
}

TEST(FormatDuration, OfNoNumberIsAQuestionMark) {
  EXPECT_EQ(format_duration(0.0 / 0.0 * 1), "?");
  EXPECT_EQ(format_duration(1e300), "?");
  EXPECT_EQ(format_duration(-3), "0.0 s");
}

std::string shown(bool quiet) {
  testing::internal::CaptureStderr();
  {
    ProgressBar bar("Decoding", 100, quiet);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) bar.advance();
      });
    }
    for (std::thread& thread : threads) thread.join();
    bar.finish();
  }
  return testing::internal::GetCapturedStderr();
}

TEST(ProgressBar, PrintsOneLineWhereThereIsNoTerminal) {
  EXPECT_THAT(shown(false),
              testing::MatchesRegex("Decoding: 100 in [0-9.]+ s\n"));
}

TEST(ProgressBar, IsSilentWhenQuiet) { EXPECT_EQ(shown(true), ""); }

TEST(ProgressBar, PrintsNothingMoreWhenAbandoned) {
  testing::internal::CaptureStderr();
  { ProgressBar bar("Decoding", 100); }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace fer
