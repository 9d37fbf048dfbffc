// The report's two Fernets, as they stand in results/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compare/comparison.h"

namespace fer {
namespace {

using testing::HasSubstr;

TEST(StoredRuns, BaselineAndTunedFernetUnderTheReportsProtocol) {
  const std::filesystem::path report = FERBENCH_SOURCE_DIR "/results/report";
  if (!std::filesystem::exists(report /
                               "fernet_tuned_bf16/seed-42/metrics.json"))
    GTEST_SKIP() << "no stored runs";
  const Comparison comparison =
      compare_runs(read_lineup({report / "fernet_bf16/seed-42",
                                report / "fernet_tuned_bf16/seed-42"},
                               "test"),
                   {.resamples = 1000});
  EXPECT_EQ(comparison.lineup.rows(), 1798u);
  // The sad half was drawn with replacement: rows repeat images.
  EXPECT_LT(comparison.lineup.units, 1798u);
  EXPECT_EQ(comparison.pairs[0].difference.test, DifferenceTest::kBootstrap);
  const PairDetails& pair = comparison.details[0];
  EXPECT_EQ(pair.both_right + pair.both_wrong + pair.mcnemar->only_a +
                pair.mcnemar->only_b,
            1798);
  EXPECT_THAT(compare_sentence(comparison), HasSubstr("(leaky 42.8 %)"));
}

}  // namespace
}  // namespace fer
