#include "sweep/halving.h"

#include <gmock/gmock.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {
using testing::ElementsAre;
using Values = std::vector<std::optional<double>>;

std::vector<std::pair<int, size_t>> rungs(
    size_t trials, int epochs, std::optional<HalvingConfig> halving) {
  std::vector<std::pair<int, size_t>> pairs;
  for (const Rung& rung : make_rungs(trials, epochs, halving))
    pairs.emplace_back(rung.epochs, rung.trials);
  return pairs;
}

TEST(Halving, DividesTrialsAndMultipliesEpochs) {
  EXPECT_THAT(rungs(9, 9, HalvingConfig{1, 3}),
              ElementsAre(std::pair(1, 9), std::pair(3, 3), std::pair(9, 1)));
  // 20 / 3 = 6, 6 / 3 = 2, 2 / 3 = 0 -> 1
  EXPECT_THAT(rungs(20, 100, HalvingConfig{2, 3}),
              ElementsAre(std::pair(2, 20), std::pair(6, 6), std::pair(18, 2),
                          std::pair(100, 1)));
}

TEST(Halving, EndsAtTheWholeTraining) {
  // The rung of 8 epochs would be behind the end.
  EXPECT_THAT(rungs(16, 6, HalvingConfig{2, 2}),
              ElementsAre(std::pair(2, 16), std::pair(4, 8), std::pair(6, 4)));
}

TEST(Halving, ComparesNothingWithOneTrial) {
  EXPECT_THAT(rungs(1, 9, HalvingConfig{1, 3}), ElementsAre(std::pair(9, 1)));
  EXPECT_THAT(rungs(5, 9, std::nullopt), ElementsAre(std::pair(9, 5)));
}

TEST(Halving, RefusesAFirstRungThatIsTheEnd) {
  EXPECT_EQ(error_text([] {
              make_rungs(9, 4, HalvingConfig{4, 3});
            }),
            "[sweep] expected halving.first_epoch below train.epochs = 4; got "
            "4. Make it smaller, or write halving: null.");
}

TEST(Halving, RanksByTheMetricsDirection) {
  const Values values = {0.5, 0.2, 0.9};
  EXPECT_THAT(ranked(values, {0, 1, 2}, Direction::kMin), ElementsAre(1, 0, 2));
  EXPECT_THAT(ranked(values, {0, 1, 2}, Direction::kMax), ElementsAre(2, 0, 1));
  EXPECT_THAT(ranked(values, {0, 2}, Direction::kMin), ElementsAre(0, 2));
}

TEST(Halving, RanksTiesByNumberAndNothingLast) {
  const Values values = {std::nullopt, 0.5, 0.5, std::nullopt};
  EXPECT_THAT(ranked(values, {3, 2, 1, 0}, Direction::kMax),
              ElementsAre(1, 2, 0, 3));
}

}  // namespace
}  // namespace fer
