// Expected H: tests/reference/sweep.py (scipy).
#include "sweep/effects.h"

#include <gmock/gmock.h>

namespace fer {
namespace {
using Values = std::vector<std::optional<double>>;

Dimension list(const std::string& setting) { return {setting, ""}; }
Dimension range(const std::string& setting) {
  return {setting, "", Dimension::Kind::kUniform};
}

TEST(Effects, KruskalWallisEqualsScipys) {
  EXPECT_NEAR(
      kruskal_wallis({0.61, 0.72, 0.55, 0.72, 0.83, 0.72, 0.9, 0.4, 0.55, 0.31},
                     {0, 0, 0, 0, 1, 1, 1, 2, 2, 2}),
      7.141406249999997, 1e-12);
  EXPECT_NEAR(kruskal_wallis({1, 2, 3, 4, 5, 6, 7}, {0, 0, 0, 1, 1, 1, 1}), 4.5,
              1e-12);
}

TEST(Effects, KruskalWallisOfEqualValuesIsNothing) {
  EXPECT_EQ(kruskal_wallis({1, 1, 1, 1}, {0, 0, 1, 1}), 0);
}

TEST(Effects, TellWhichSettingMatters) {
  // 6 trials; batch 32 is better than 64 whatever the other setting is.
  const std::vector<TrialSettings> trials = {
      {{"b", "32"}, {"a", "x"}}, {{"b", "64"}, {"a", "x"}},
      {{"b", "32"}, {"a", "y"}}, {{"b", "64"}, {"a", "y"}},
      {{"b", "32"}, {"a", "x"}}, {{"b", "64"}, {"a", "y"}}};
  const Values values = {0.1, 0.5, 0.3, 0.4, 0.2, 0.6};
  const auto effects =
      setting_effects({list("b"), list("a")}, trials, values, Direction::kMin);
  ASSERT_EQ(effects.size(), 2u);
  EXPECT_EQ(effects[0].setting, "b");
  // Ranks 1, 2, 3 against 4, 5, 6: H = 12/42 (36/3 + 225/3) - 21 = 27/7;
  // (H - 2 + 1) / (6 - 2) = 5/7.
  EXPECT_NEAR(effects[0].share, 5.0 / 7, 1e-12);
  EXPECT_EQ(effects[0].best, "32 (2 of 2)");  // of 6, two are the best quarter
  // a: ranks 1, 5, 2 against 3, 4, 6: H = 12/42 (64/3 + 169/3) - 21 = 25/21.
  EXPECT_NEAR(effects[1].share, (25.0 / 21 - 1) / 4, 1e-12);
}

TEST(Effects, SeeABestValueInTheMiddle) {
  std::vector<TrialSettings> trials;
  Values values;
  for (int i = 0; i < 9; ++i) {
    trials.push_back({{"rate", std::to_string(i)}});
    values.push_back(i >= 3 && i <= 5 ? 0.9 + 0.01 * i : 0.1 * i);
  }
  const auto effects =
      setting_effects({range("rate")}, trials, values, Direction::kMax);
  EXPECT_GT(effects[0].share, 0.4);
  EXPECT_EQ(effects[0].best, "3 to 5");  // the best three of nine
}

TEST(Effects, LeaveOutTrialsWithoutAValue) {
  std::vector<TrialSettings> trials;
  Values values;
  for (int i = 0; i < 6; ++i) {
    trials.push_back({{"b", i % 2 ? "x" : "y"}});
    values.push_back(i % 2);
  }
  const auto before =
      setting_effects({list("b")}, trials, values, Direction::kMax);
  trials.push_back({{"b", "z"}});
  values.push_back(std::nullopt);
  const auto after =
      setting_effects({list("b")}, trials, values, Direction::kMax);
  EXPECT_EQ(after[0].share, before[0].share);
}

TEST(Effects, SayNothingOfFewTrials) {
  const std::vector<TrialSettings> trials(5, {{"b", "1"}});
  EXPECT_TRUE(
      setting_effects({list("b")}, trials, Values(5, 0.5), Direction::kMax)
          .empty());
}

}  // namespace
}  // namespace fer
