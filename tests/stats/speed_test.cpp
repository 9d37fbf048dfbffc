// 10,000 resamples of FER2013's test split (3,589 images) on one core.
#include <gtest/gtest.h>

#include <ctime>

#include "stats/bootstrap.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

void expect_fast(const char* name, size_t rows, const Statistic& statistic) {
  BootstrapOptions options;
  options.threads = 1;
  const double start = cpu_seconds();
  bootstrap(rows, statistic, options);
  const double seconds = cpu_seconds() - start;
  testing::Test::RecordProperty(name, std::to_string(seconds));
  std::printf("  %s: %.2f s\n", name, seconds);
  EXPECT_LT(seconds, 2) << name;
}

TEST(Speed, TenThousandResamplesTakeLessThanTwoSeconds) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "times mean nothing under the sanitizers";
#endif
  const Predictions seven = drawn_predictions(3589, 7, 1);
  const Predictions two = drawn_predictions(3589, 2, 1);
  expect_fast("accuracy", 3589, accuracy_statistic(seven));
  expect_fast("macro_f1", 3589, macro_f1_statistic(seven));
  expect_fast("auc", 3589, auc_statistic(two, 1));
  expect_fast("macro_auc_of_seven", 3589, macro_auc_statistic(seven));
}

}  // namespace
}  // namespace fer
