#include "leaderboard/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "board_fixture.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Board : public testing::Test {
 protected:
  void add(const RunSpec& spec) {
    const auto path = folder_ / std::to_string(runs_.size());
    write_run(path, spec);
    runs_.push_back(read_run_score(path));
  }
  void add(const RunSpec& spec, const Predictions& predictions) {
    const auto path = folder_ / std::to_string(runs_.size());
    write_run(path, spec, predictions);
    runs_.push_back(read_run_score(path));
  }
  std::vector<std::string> names(const BoardTable& table) {
    std::vector<std::string> names;
    for (const BoardRow& row : table.rows) names.push_back(row.experiment);
    return names;
  }

  TemporaryFolder folder_;
  std::vector<RunScore> runs_;
};

TEST_F(Board, AveragesTheSeedsOfAnExperiment) {
  // Accuracies 3/4 and 1/2: mean 0.625, std sqrt(2 * 0.125^2) = 0.1767767.
  add({.seed = 1, .train_seconds = 10}, decisions({0, 1, 0, 1}, {0, 1, 0, 0}));
  add({.seed = 2, .train_seconds = 30}, decisions({0, 1, 0, 1}, {0, 0, 0, 0}));
  const auto rows = make_board(runs_, {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0].seeds, ElementsAre(1, 2));
  EXPECT_EQ(rows[0].metric("accuracy").mean, 0.625);
  EXPECT_NEAR(*rows[0].metric("accuracy").std, 0.1767767, 1e-7);
  // happy: F1 = 2*2/(2*2+1) = 0.8, then 2*2/(2*2+2) = 2/3; sad: 2/3, then 0.
  EXPECT_NEAR(rows[0].class_f1[0].second, (0.8 + 2 / 3.0) / 2, 1e-12);
  EXPECT_NEAR(rows[0].class_f1[1].second, (2 / 3.0) / 2, 1e-12);
  EXPECT_EQ(rows[0].train_seconds, 20);
  EXPECT_EQ(rows[0].parameters, 1234567);
  EXPECT_EQ(rows[0].test_looks, 2) << "at least one look per seed";
}

TEST_F(Board, HasNoDeviationForOneSeed) {
  add({});
  EXPECT_FALSE(make_board(runs_, {})[0].metric("accuracy").std);
}

TEST_F(Board, CountsTheLooksOfTheLedger) {
  add({});
  Look look;
  look.experiment = "alpha";
  look.protocol = "clean";
  look.data = "fer2013 (happy, sad)";
  look.split = "test";
  const std::vector<Look> ledger(5, look);
  EXPECT_EQ(make_board(runs_, ledger)[0].test_looks, 5);
}

TEST_F(Board, LeavesOutAScoreThatOneSeedLacks) {
  // One class alone has no ROC curve.
  add({.seed = 1}, decisions({0, 0, 0}, {0, 0, 1}));
  const auto rows = make_board(runs_, {});
  EXPECT_FALSE(rows[0].metric("auc").mean);
  EXPECT_TRUE(rows[0].metric("accuracy").mean);
}

TEST_F(Board, NeverRanksProtocolsTogether) {
  add({.experiment = "honest"});
  add({.experiment = "leaky", .protocol = "report", .leaky_share = 0.4});
  add({.experiment = "leaky", .protocol = "clean"});
  const auto tables =
      rank_board(make_board(runs_, {}), board_metric("accuracy"));
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].protocol, "clean") << "tables without a leak come first";
  EXPECT_EQ(tables[0].rows.size(), 2u);
  EXPECT_EQ(tables[1].protocol, "report");
  EXPECT_THAT(names(tables[1]), ElementsAre("leaky"));
  EXPECT_EQ(tables[1].rows[0].standing, Standing::kBest);
}

TEST_F(Board, NeverRanksOtherTestImagesTogether) {
  add({.experiment = "a", .images = 60});
  add({.experiment = "b", .images = 50});
  const auto tables =
      rank_board(make_board(runs_, {}), board_metric("accuracy"));
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_TRUE(tables[0].same_name);
  EXPECT_NE(tables[0].id(), tables[1].id());
}

TEST_F(Board, RanksOtherImageSizesTogether) {
  add({.experiment = "small"});
  add({.experiment = "large",
       .fingerprint = std::string(64, 'b'),
       .image_size = 224});
  const auto tables =
      rank_board(make_board(runs_, {}), board_metric("accuracy"));
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].rows.size(), 2u);
}

TEST_F(Board, RanksByTheMetricsOwnDirection) {
  add({.experiment = "strong", .skill = 2.5});
  add({.experiment = "weak", .skill = 0.2});
  const auto rows = make_board(runs_, {});
  for (const char* metric : {"accuracy", "log_loss", "brier", "mcc"}) {
    const auto tables = rank_board(rows, board_metric(metric));
    EXPECT_THAT(names(tables[0]), ElementsAre("strong", "weak")) << metric;
  }
}

TEST_F(Board, PutsRowsWithoutTheMetricLast) {
  BoardRow with, without;
  with.experiment = "b";
  without.experiment = "a";
  with.metrics.resize(board_metrics().size());
  without.metrics = with.metrics;
  with.metrics[9].mean = 5.0;
  const auto tables = rank_board({without, with}, board_metrics()[9]);
  EXPECT_THAT(names(tables[0]), ElementsAre("b", "a"));
}

TEST(BoardMetrics, NameTheNearest) {
  EXPECT_EQ(error_text([] { board_metric("macro_fl"); }),
            "[leaderboard] expected a metric of the board; got 'macro_fl', did "
            "you mean macro_f1? Take one of accuracy, macro_f1, "
            "balanced_accuracy, macro_precision, macro_recall, weighted_f1, "
            "mcc, auc, average_precision, log_loss, brier.");
  EXPECT_THAT(error_text([] { board_metric("speed"); }),
              HasSubstr("got 'speed'. Take one of"));
}

}  // namespace
}  // namespace fer
