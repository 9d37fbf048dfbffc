#include "stats/pairing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/temporary_folder.h"

namespace fer {
namespace {

Predictions table(std::vector<std::string> ids, std::vector<int64_t> labels) {
  Predictions p;
  p.class_names = {"happy", "sad"};
  p.ids = std::move(ids);
  p.predicted = std::vector<int64_t>(labels.size());
  for (size_t i = 0; i < labels.size(); ++i) {
    // Tells the rows apart.
    const double share = static_cast<double>(i) / 100;
    p.probabilities.insert(p.probabilities.end(), {1 - share, share});
  }
  p.labels = std::move(labels);
  return p;
}

using Rows = std::vector<size_t>;

TEST(PairRows, MatchesByIdInTheOrderOfTheFirst) {
  const Pairs pairs = pair_rows(table({"x", "y", "z"}, {0, 1, 1}),
                                table({"z", "x", "y"}, {1, 0, 1}));
  EXPECT_EQ(pairs.a, (Rows{0, 1, 2}));
  EXPECT_EQ(pairs.b, (Rows{1, 2, 0}));
  EXPECT_EQ(pairs.size(), 3u);
}

TEST(PairRows, MatchesTheNthOfAnIdWithTheNth) {
  const Pairs pairs = pair_rows(table({"x", "x", "y", "x"}, {0, 0, 1, 0}),
                                table({"y", "x", "x", "x"}, {1, 0, 0, 0}));
  EXPECT_EQ(pairs.b, (Rows{1, 2, 0, 3}));
}

TEST(PairRows, RejectsOtherImages) {
  const std::string way_out =
      " Compare runs on the same split: same data, protocol and split seed.";
  EXPECT_EQ(error_text([] {
              pair_rows(table({"x", "y"}, {0, 0}), table({"x", "z"}, {0, 0}));
            }),
            "[pair_rows] expected the same images in both tables; got id 'y' 1 "
            "times in the first and 0 times in the second." +
                way_out);
  EXPECT_EQ(
      error_text([] {
        pair_rows(table({"x", "y"}, {0, 0}), table({"x", "y", "y"}, {0, 0, 0}));
      }),
      "[pair_rows] expected the same images in both tables; got id 'y' 1 "
      "times in the first and 2 times in the second." +
          way_out);
  EXPECT_EQ(error_text([] {
              pair_rows(table({"x"}, {0}), table({"x", "w"}, {0, 0}));
            }),
            "[pair_rows] expected the same images in both tables; got id 'w' 0 "
            "times in the first and 1 times in the second." +
                way_out);
}

TEST(PairRows, RejectsOtherLabels) {
  EXPECT_EQ(error_text([] {
              pair_rows(table({"x", "y"}, {0, 0}), table({"y", "x"}, {1, 0}));
            }),
            "[pair_rows] expected the same label for an image in both tables; "
            "got 'happy' and 'sad' (id 'y'). Were the runs scored against "
            "different labels?");
}

TEST(PairRows, RejectsOtherClassNames) {
  Predictions other = table({"x"}, {0});
  other.class_names = {"sad", "happy"};
  EXPECT_EQ(error_text([&] { pair_rows(table({"x"}, {0}), other); }),
            "[pair_rows] expected the same classes in the same order; got "
            "happy, sad and sad, happy. Compare runs of the same classes.");
}

TEST(PairRows, RejectsMissingIdsAndEmptyTables) {
  EXPECT_EQ(error_text([] {
              pair_rows(table({"x", "y"}, {0, 0}), table({"x", ""}, {0, 0}));
            }),
            "[pair_rows] expected an id on every row; got none on row 1 of the "
            "second table. Rows are matched by their ids.");
  EXPECT_EQ(error_text([] { pair_rows(table({}, {}), table({}, {})); }),
            "[pair_rows] expected at least one row; got none in the first "
            "table. Is the split empty?");
}

TEST(PairRows, RejectsProbabilitiesThatAreNone) {
  Predictions bad = table({"x"}, {0});
  bad.probabilities = {0.5, std::nan("")};
  EXPECT_NE(error_text([&] {
              pair_rows(table({"x"}, {0}), bad);
            }).find("got NaN for label 1"),
            std::string::npos);
}

TEST(SelectRows, GivesThemInTheirOrder) {
  const Predictions p = table({"x", "y", "z"}, {0, 1, 1});
  const Predictions chosen = select_rows(p, Rows{2, 0, 2});
  EXPECT_EQ(chosen.ids, (std::vector<std::string>{"z", "x", "z"}));
  EXPECT_EQ(chosen.labels, (std::vector<int64_t>{1, 0, 1}));
  EXPECT_EQ(chosen.probability(0, 1), 0.02);
  EXPECT_EQ(chosen.class_names, p.class_names);
  EXPECT_EQ(error_text([&] { select_rows(p, Rows{3}); }),
            "[select_rows] expected rows in [0, 3); got 3.");
}

TEST(RightRows, SaysWhichDecisionsAreRight) {
  EXPECT_EQ(right_rows(table({"x", "y", "z"}, {0, 1, 0})),
            (std::vector<bool>{true, false, true}));
}

}  // namespace
}  // namespace fer
