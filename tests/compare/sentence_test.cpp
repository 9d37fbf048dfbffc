#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/comparison.h"
#include "run_builder.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

Comparison compared(const std::vector<Predictions>& runs,
                    const RunSettings& settings = {},
                    const std::string& metric = "accuracy") {
  const TemporaryFolder folder;
  return compare_runs(lineup_of(folder, runs, settings),
                      {.metric = metric, .resamples = 2000});
}

// 9 images against 1: p = 2 * (C(10,0) + C(10,1)) / 2^10 = 22 / 1024 = 0.0215.
TEST(Sentence, NamesTheBetterRunFirstWhicheverCameFirst) {
  const MarkedPair pair = marked_pair(80, 9, 1, 10);
  EXPECT_THAT(compare_sentence(compared({pair.b, pair.a})),
              MatchesRegex("b is better than a: accuracy 89\\.0 % against "
                           "81\\.0 %, \\+8\\.0 points \\[.*\\], p = 0\\.021 "
                           "\\(exact McNemar\\), n = 100"));
}

// 6 against 2: p = 2 * (1 + 8 + 28) / 2^8 = 74 / 256 = 0.289.
TEST(Sentence, SaysWhenTheyCannotBeToldApart) {
  const MarkedPair pair = marked_pair(80, 6, 2, 12);
  EXPECT_THAT(compare_sentence(compared({pair.a, pair.b})),
              StartsWith("a and b cannot be told apart: accuracy 86.0 % "
                         "against 82.0 %, +4.0 points ["));
  EXPECT_THAT(compare_sentence(compared({pair.a, pair.b})),
              HasSubstr("p = 0.289 (exact McNemar), n = 100"));
  const Predictions same = marks("++-+");
  EXPECT_EQ(compare_sentence(compared({same, same})),
            "a and b cannot be told apart: accuracy 75.0 % against 75.0 %, "
            "+0.0 points [0.0, 0.0], p = 1 (exact McNemar), n = 4");
}

TEST(Sentence, MarksLeakyRunsAndNamesTheUnitWhereThereAreCopies) {
  MarkedPair pair = marked_pair(80, 9, 1, 10);
  for (Predictions* p : {&pair.a, &pair.b}) p->ids[2] = "img-0";
  EXPECT_THAT(
      compare_sentence(compared({pair.a, pair.b}, {.leaky_share = 0.375417})),
      MatchesRegex("a \\(leaky 37\\.5 %\\) .* b \\(leaky 37\\.5 %\\).*paired "
                   "bootstrap, copies drawn together\\), n = 100 rows of 99 "
                   "different images"));
}

TEST(Sentence, OfALossPutsTheLowerOneFirst) {
  // '+' costs -ln .9 = 0.1054, '-' costs -ln .2 = 1.6094:
  // a: (89 * 0.10536 + 11 * 1.60944) / 100 = 0.2708; b: 81 and 19, 0.3911.
  const MarkedPair pair = marked_pair(80, 9, 1, 10);
  EXPECT_THAT(
      compare_sentence(compared({pair.b, pair.a}, {}, "log_loss")),
      StartsWith("b is better than a: log loss 0.2708 against 0.3911, -0.1203 "
                 "["));
}

TEST(Sentence, OfDifferentProtocolsRanksNothing) {
  const TemporaryFolder folder;
  const MarkedPair pair = marked_pair(80, 9, 1, 10);
  write_run(folder / "a", pair.a, {.protocol = "official"});
  write_run(folder / "b", pair.b, {.protocol = "official_clean"});
  const Comparison comparison =
      compare_runs(read_lineup({folder / "a", folder / "b"}, "test", true),
                   {.resamples = 1000});
  EXPECT_THAT(compare_sentence(comparison),
              StartsWith("Not ranked, the protocols differ (a: official, b: "
                         "official_clean): accuracy 89.0 % against 81.0 %"));
  EXPECT_THAT(compare_text(comparison), testing::Not(HasSubstr("better than")));
}

TEST(Sentence, OfManyRunsTellsTheBestOneFromEachOther) {
  // a has all 100, b 99, c 85 right. Exact p: a-b 1 of 1: 1; a-c 15 of 15:
  // 2 / 2^15 = 0.000061; b-c 15 against 1: 2 * 17 / 2^16 = 0.00052.
  const std::string all(100, '+');
  std::string b = all, c = all;
  b[0] = '-';
  for (size_t i = 1; i <= 15; ++i) c[i] = '-';
  const std::string text =
      compare_sentence(compared({marks(c), marks(all), marks(b)}));
  EXPECT_EQ(text,
            "b leads with accuracy 100.0 %: better than a 85.0 % (+15.0 "
            "points, p < 0.001); cannot be told apart from c 99.0 % (+1.0 "
            "points, p = 1); Holm's p over 3 pairs, exact McNemar, n = 100");
  const std::string none =
      compare_sentence(compared({marks(all), marks(b), marks(b)}));
  EXPECT_THAT(none, StartsWith("None of the 3 is better than all others: a, "
                               "accuracy 100.0 %, cannot be told apart from b "
                               "99.0 % (+1.0 points, p = 1), c "));
  const std::string best =
      compare_sentence(compared({marks(all), marks(c), marks(c)}));
  EXPECT_THAT(best, StartsWith("a is better than the other 2: accuracy 100.0 "
                               "% against b 85.0 % (+15.0 points, p < 0.001), "
                               "c 85.0 %"));
}

TEST(Sentence, NamesEveryTestThatItRestsOn) {
  const TemporaryFolder folder;
  write_run(folder / "a" / "seed-1", marks("++++++-+++"));
  write_run(folder / "a" / "seed-2", marks("+++++++-++"));
  write_run(folder / "b", marks("+--+++--++"));
  write_run(folder / "c", marks("++-+++--++"));
  const auto sentence = [&](std::vector<std::filesystem::path> runs) {
    return compare_sentence(compare_runs(
        read_lineup(runs, "test"), {.metric = "accuracy", .resamples = 500}));
  };
  EXPECT_THAT(sentence({folder / "a", folder / "b", folder / "c"}),
              HasSubstr("Holm's p over 3 pairs, paired bootstrap, seeds "
                        "counted, n = 10"));
  EXPECT_THAT(sentence({folder / "a/seed-1", folder / "b", folder / "c"}),
              HasSubstr("Holm's p over 3 pairs, exact McNemar, n = 10"));
}

}  // namespace
}  // namespace fer
