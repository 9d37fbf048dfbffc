// Expected draws: tests/reference/sweep.py.
#include "sweep/draw.h"

#include <gmock/gmock.h>

#include <set>

#include "core/temporary_folder.h"

namespace fer {
namespace {
using testing::ElementsAre;
using Kind = Dimension::Kind;
using Pair = std::pair<std::string, std::string>;

const std::string kRate = "optimizer.learning_rate";

Dimension range(const std::string& name, Kind kind, double low, double high) {
  return {name, "s.yaml:1:1", kind, {}, low, high};
}
Dimension list(const std::string& name, std::vector<std::string> choices) {
  return {name, "s.yaml:1:1", Kind::kChoice, std::move(choices)};
}

TEST(Draw, IsAFunctionOfSeedTrialAndSetting) {
  const auto draw = [](const Dimension& dimension) {
    std::vector<std::string> values;
    for (uint32_t i = 0; i < 3; ++i)
      values.push_back(draw_value(dimension, 7, i));
    return values;
  };
  EXPECT_THAT(draw(range(kRate, Kind::kLogUniform, 1e-4, 1e-2)),
              ElementsAre("0.000523", "0.0003452", "0.0003511"));
  EXPECT_THAT(draw(range(kRate, Kind::kUniform, 0.9, 0.999)),
              ElementsAre("0.9356", "0.9266", "0.927"));
  EXPECT_THAT(draw(range(kRate, Kind::kInteger, 2, 12)),
              ElementsAre("5", "4", "4"));
  EXPECT_THAT(draw(list(kRate, {"a", "b", "c"})), ElementsAre("b", "a", "a"));
}

TEST(Draw, StaysInsideItsBounds) {
  const Dimension narrow = range(kRate, Kind::kUniform, 0.123456, 0.123457);
  const Dimension whole = range(kRate, Kind::kInteger, 3, 5);
  std::set<std::string> seen;
  for (uint32_t i = 0; i < 200; ++i) {
    const double value = std::stod(draw_value(narrow, 1, i));
    EXPECT_GE(value, 0.123456);
    EXPECT_LE(value, 0.123457);
    seen.insert(draw_value(whole, 1, i));
  }
  EXPECT_THAT(seen, ElementsAre("3", "4", "5"));
}

TEST(Draw, IsEvenOverALogarithm) {
  const Dimension rate = range(kRate, Kind::kLogUniform, 1e-4, 1);
  int small = 0;
  for (uint32_t i = 0; i < 2000; ++i)
    small += std::stod(draw_value(rate, 3, i)) < 1e-2 ? 1 : 0;
  EXPECT_NEAR(small, 1000, 70);  // three deviations: 3 sqrt(2000) / 2 = 67
}

TEST(Draw, KeepsItsTrialsWhenTheSpaceOrTheirNumberGrows) {
  SweepConfig config;
  config.trials = 5;
  const Dimension rate = range(kRate, Kind::kLogUniform, 1e-4, 1e-2);
  const auto few = draw_trials(config, {rate});
  config.trials = 9;
  const auto more =
      draw_trials(config, {rate, list("train.batch_size", {"32", "64"})});
  ASSERT_EQ(more.size(), 9u);
  for (size_t i = 0; i < few.size(); ++i) EXPECT_EQ(few[i][0], more[i][0]);
  config.seed = 2;
  EXPECT_NE(draw_trials(config, {rate})[0], few[0]);
}

TEST(Draw, TakesEachCombinationOfListsOnce) {
  SweepConfig config;
  config.trials = 20;
  const auto trials =
      draw_trials(config, {list("a", {"1", "2"}), list("b", {"3", "4", "5"})});
  EXPECT_EQ(trials.size(), 6u);
  EXPECT_EQ(std::set(trials.begin(), trials.end()).size(), 6u);
}

TEST(Draw, GoesThroughAGridWithTheLastSettingFastest) {
  SweepConfig config;
  config.search = SearchKind::kGrid;
  EXPECT_THAT(
      draw_trials(config, {list("a", {"1", "2"}), list("b", {"3", "4"})}),
      ElementsAre(TrialSettings{Pair("a", "1"), Pair("b", "3")},
                  TrialSettings{Pair("a", "1"), Pair("b", "4")},
                  TrialSettings{Pair("a", "2"), Pair("b", "3")},
                  TrialSettings{Pair("a", "2"), Pair("b", "4")}));
}

TEST(Draw, RefusesAGridOverARange) {
  SweepConfig config;
  config.search = SearchKind::kGrid;
  EXPECT_EQ(
      error_text(
          [&] { draw_trials(config, {range(kRate, Kind::kUniform, 0, 1)}); }),
      "s.yaml:1:1: optimizer.learning_rate: a grid needs a list of values; got "
      "a range. Write a list, or search: random.");
}

TEST(Draw, RefusesAGridWithoutEnd) {
  SweepConfig config;
  config.search = SearchKind::kGrid;
  std::vector<Dimension> space;
  for (int i = 0; i < 80; ++i)
    space.push_back(list(std::to_string(i), {"1", "2"}));
  EXPECT_EQ(error_text([&] { draw_trials(config, space); }),
            "[sweep] expected a grid of at most 10000 trials; got more "
            "(space). Write shorter lists, or search: random.");
}

TEST(Draw, TellsNarrowBoundsApart) {
  const Dimension decay =
      range("callbacks.ema.decay", Kind::kUniform, 0.9995, 0.9999);
  std::set<std::string> seen;
  for (uint32_t i = 0; i < 20; ++i) seen.insert(draw_value(decay, 1, i));
  EXPECT_GT(seen.size(), 15u);  // of 400 values
}

}  // namespace
}  // namespace fer
