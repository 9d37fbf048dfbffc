#include "callbacks/callback.h"

#include <gtest/gtest.h>

#include "mock_context.h"

namespace fer {
namespace {

TEST(EpochLogs, NamesTheColumnsOfHistoryCsvInTheirOrder) {
  EXPECT_EQ(
      EpochLogs::columns(),
      (std::vector<std::string>{"epoch", "train_loss", "train_accuracy",
                                "val_loss", "val_accuracy", "learning_rate",
                                "seconds", "images_per_second"}));
}

TEST(EpochLogs, GivesEachColumnByName) {
  const EpochLogs logs{3, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7};
  const double expected[] = {3, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7};
  for (size_t i = 0; i < EpochLogs::columns().size(); ++i)
    EXPECT_EQ(logs.value(EpochLogs::columns()[i]), expected[i]);
  EXPECT_EQ(logs.value("val_acc"), std::nullopt);
}

TEST(TrainContext, KeepsTheFirstReasonForAStop) {
  MockContext context;
  EXPECT_FALSE(context.stop_requested());
  context.request_stop("first");
  context.request_stop("second");
  EXPECT_TRUE(context.stop_requested());
  EXPECT_EQ(context.stop_reason(), "first");
}

}  // namespace
}  // namespace fer
