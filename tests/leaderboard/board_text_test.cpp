#include "leaderboard/board_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board_fixture.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

BoardRow a_row(const std::string& experiment, double accuracy) {
  BoardRow row;
  row.experiment = experiment;
  row.model = "fernet";
  row.protocol = "clean";
  row.dataset = "fer2013 (happy, sad)";
  row.test_set = "0123456789abcdef";
  row.n = 1474;
  row.seeds = {42, 43, 44};
  row.metrics.resize(board_metrics().size());
  row.metrics[0] = {accuracy, 0.00314};
  row.metrics[1] = {accuracy - 0.01, std::nullopt};
  row.accuracy_interval = {accuracy - 0.02, accuracy + 0.02};
  row.standing = Standing::kBehind;
  row.difference = -0.0231;
  row.p = 0.004;
  row.test_looks = 5;
  return row;
}

std::vector<BoardTable> a_table(bool leaky = false) {
  BoardRow best = a_row("alpha", 0.91), tied = a_row("beta", 0.9);
  best.standing = Standing::kBest;
  tied.standing = Standing::kTied;
  tied.p = 0.31;
  if (leaky) {
    tied.leaky = best.leaky = true;
    tied.leaky_share = 0.3754;
  }
  return rank_board({a_row("gamma", 0.88), best, tied},
                    board_metric("accuracy"));
}

TEST(BoardText, RoundsForReaders) {
  EXPECT_EQ(score_text({0.89484, 0.00314}), "0.8948 ± 0.0031");
  EXPECT_EQ(score_text({0.89484, std::nullopt}), "0.8948");
  EXPECT_EQ(score_text({}), "");
  EXPECT_EQ(interval_text({0.8781, 0.9094}), "0.878 to 0.909");
  EXPECT_EQ(p_text(0.31), "p 0.31");
  EXPECT_EQ(p_text(0.004), "p 0.004");
  EXPECT_EQ(p_text(0.0001), "p < 0.001");
  EXPECT_EQ(short_count(4.23e6), "4.2 M");
  EXPECT_EQ(short_count(812345), "812 k");
  EXPECT_EQ(short_count(16135), "16.1 k");
  EXPECT_EQ(short_count(7.6e9), "7.6 G");
  EXPECT_EQ(short_count(1234), "1,234");
  EXPECT_EQ(short_count(std::nullopt), "");
  EXPECT_EQ(bytes_text(17'200'000), "17.2 MB");
  EXPECT_EQ(bytes_text(5'300), "5 kB");
}

TEST(BoardText, SaysHowARowStands) {
  BoardRow row = a_row("x", 0.9);
  EXPECT_EQ(standing_text(row), "-2.3 points (p 0.004)");
  row.standing = Standing::kTied;
  row.p = 0.31;
  EXPECT_EQ(standing_text(row), "tied (p 0.31)");
  row.standing = Standing::kBest;
  EXPECT_EQ(standing_text(row), "best");
}

TEST(BoardText, MarksALeak) {
  BoardRow row = a_row("x", 0.9);
  EXPECT_EQ(leak_mark(row), "");
  row.leaky = true;
  EXPECT_EQ(leak_mark(row), "leaky");
  row.leaky_share = 0.3754;
  EXPECT_EQ(leak_mark(row), "leaky 37.5 %");
}

TEST(BoardText, OpensWithTheSentence) {
  EXPECT_EQ(verdict(a_table()[0]),
            "alpha leads with an accuracy of 0.9100 ± 0.0031 (3 seeds); 1 of 2 "
            "others cannot be told from it.");
  auto tables = a_table();
  tables[0].rows[1].standing = Standing::kBehind;
  EXPECT_THAT(verdict(tables[0]), HasSubstr("; all others are behind it."));
  tables[0].rows.resize(2);
  EXPECT_THAT(verdict(tables[0]), HasSubstr("; the other one is behind it."));
  tables[0].rows.resize(1);
  EXPECT_THAT(verdict(tables[0]), HasSubstr("; nothing stands beside it."));
}

TEST(BoardText, PrintsOneRankedTablePerProtocol) {
  const std::string text =
      board_terminal(a_table(true), board_metric("accuracy"));
  EXPECT_THAT(text, HasSubstr("clean: fer2013 (happy, sad), 1,474 test images, "
                              "by accuracy\n"));
  EXPECT_THAT(text, HasSubstr("\n    experiment   model "));
  EXPECT_THAT(text, HasSubstr("leaky 37.5 %"));
  EXPECT_LT(text.find("alpha  "), text.find("beta  "));
  EXPECT_THAT(text, HasSubstr("tied: not distinguishable from the best row"));
}

TEST(BoardText, AddsAColumnForAnotherMetric) {
  const auto tables = a_table();
  EXPECT_THAT(board_terminal(tables, board_metric("log_loss")),
              HasSubstr("log loss"));
  EXPECT_THAT(board_terminal(tables, board_metric("macro_f1")),
              Not(HasSubstr("log loss")));
}

TEST(BoardMarkdown, IsATableThatGithubReads) {
  auto tables = a_table();
  tables[0].rows[0].experiment = "a|b_c";
  const std::string text = board_markdown(tables);
  EXPECT_THAT(text, HasSubstr("## clean: fer2013 (happy, sad)\n"));
  EXPECT_THAT(text, HasSubstr("| 1 | a\\|b\\_c | fernet | 0.9100 ± 0.0031 |"));
  // As many cells in every line: 16 columns, 17 bars.
  size_t from = text.find("| # |");
  for (int line = 0; line < 5; ++line) {
    const std::string row = text.substr(from, text.find('\n', from) - from);
    size_t bars = 0;
    for (size_t i = 0; i < row.size(); ++i)
      bars += row[i] == '|' && (i == 0 || row[i - 1] != '\\');
    EXPECT_EQ(bars, 17u) << row;
    from += row.size() + 1;
  }
  EXPECT_THAT(board_markdown({}), HasSubstr("No runs yet."));
}

}  // namespace
}  // namespace fer
