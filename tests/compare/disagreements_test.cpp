#include "compare/disagreements.h"

#include <gtest/gtest.h>

#include "run_builder.h"

namespace fer {
namespace {

TEST(Disagreements, AreTheImagesThatOneAloneHasRightFurthestApartFirst) {
  const TemporaryFolder folder;
  const std::vector<int64_t> labels = {0, 0, 1, 1, 0};
  const Predictions a =
      table({"happy", "sad"}, labels,
            {{.6, .4}, {.9, .1}, {.8, .2}, {.1, .9}, {.3, .7}});
  const Predictions b =
      table({"happy", "sad"}, labels,
            {{.4, .6}, {.2, .8}, {.3, .7}, {.2, .8}, {.4, .6}});
  const Disagreements found =
      find_disagreements(lineup_of(folder, {a, b}), 0, 1);
  // Gaps of the true class: img-0 .6 - .4 = .2, img-1 .9 - .2 = .7.
  ASSERT_EQ(found.a_better.size(), 2u);
  EXPECT_EQ(found.a_better[0].id, "img-1");
  EXPECT_EQ(found.a_better[1].id, "img-0");
  ASSERT_EQ(found.b_better.size(), 1u);
  const Disagreement& one = found.b_better[0];
  EXPECT_EQ(one.id, "img-2");
  EXPECT_EQ(one.label, "sad");
  EXPECT_EQ(one.a.predicted, "happy");
  EXPECT_DOUBLE_EQ(one.a.probability, .8);
  EXPECT_EQ(one.b.predicted, "sad");
  EXPECT_DOUBLE_EQ(one.b.probability, .7);
}

TEST(Disagreements, ShowARepeatedImageOnceWithItsRows) {
  const TemporaryFolder folder;
  Predictions a = table({"happy", "sad"}, {0, 0, 0},
                        {{.9, .1}, {.9, .1}, {.9, .1}}, {"x", "y", "x"});
  Predictions b = table({"happy", "sad"}, {0, 0, 0},
                        {{.1, .9}, {.8, .2}, {.1, .9}}, {"x", "y", "x"});
  const Disagreements found =
      find_disagreements(lineup_of(folder, {a, b}), 0, 1);
  ASSERT_EQ(found.a_better.size(), 1u);
  EXPECT_EQ(found.a_better[0].rows, 2u);
}

TEST(Disagreements, OfSeveralSeedsCompareTheSharesOfRightOnes) {
  const TemporaryFolder folder;
  //                                  img-0 img-1 img-2
  write_run(folder / "a" / "seed-1", marks("++-"));
  write_run(folder / "a" / "seed-2", marks("+-+"));
  write_run(folder / "b" / "seed-1", marks("-++"));
  write_run(folder / "b" / "seed-2", marks("---"));
  const Lineup lineup = read_lineup({folder / "a", folder / "b"}, "test");
  const Disagreements found = find_disagreements(lineup, 0, 1);
  // img-0: 2 of 2 against none; img-1 and img-2: 1 of 2 each.
  ASSERT_EQ(found.a_better.size(), 1u);
  EXPECT_EQ(found.a_better[0].id, "img-0");
  EXPECT_EQ(found.a_better[0].a.right, 2u);
  EXPECT_EQ(found.a_better[0].b.right, 0u);
  EXPECT_EQ(found.a_better[0].b.predicted, "sad");
  EXPECT_DOUBLE_EQ(found.a_better[0].b.probability, .8);
  EXPECT_TRUE(found.b_better.empty());
}

}  // namespace
}  // namespace fer
