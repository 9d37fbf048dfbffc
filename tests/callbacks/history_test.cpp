#include "callbacks/history.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/csv.h"
#include "core/file.h"
#include "resume_check.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string text_of(const MockContext& context) {
  return read_file(context.dir / "history.csv");
}

TEST(History, WritesOneRowAnEpoch) {
  const TemporaryFolder folder;
  MockContext context;
  context.dir = folder.path();
  History history;
  history.on_train_begin(context);
  history.on_epoch_end(context, {1, 0.5, 0.75, 0.625, 0.7, 1e-3, 12.5, 150});
  history.on_epoch_end(context, {2, 0.1, 1, kNan, 0.8, 5e-4, 12, 1e300});
  EXPECT_EQ(text_of(context),
            "epoch,train_loss,train_accuracy,val_loss,val_accuracy,"
            "learning_rate,seconds,images_per_second\n"
            "1,0.5,0.75,0.625,0.7,0.001,12.5,150\n"
            "2,0.1,1,nan,0.8,0.0005,12,1e+300\n");
}

TEST(History, LeavesAccuraciesEmptyThatWereNotMeasured) {
  const TemporaryFolder folder;
  MockContext context;
  context.dir = folder.path();
  History history;
  history.on_epoch_end(context, {1, 0.5, kNan, 0.625, kNan, 1e-3, 12.5, 150});
  EXPECT_TRUE(text_of(context).ends_with("\n1,0.5,,0.625,,0.001,12.5,150\n"));
  History again;
  again.load_state(history.state());
  again.on_train_resume(context, 1);
  EXPECT_TRUE(text_of(context).ends_with("\n1,0.5,,0.625,,0.001,12.5,150\n"));
}

TEST(History, ReadsBackToTheSameDoubles) {
  const TemporaryFolder folder;
  MockContext context;
  context.dir = folder.path();
  History history;
  history.on_epoch_end(context, logs_of(1, 1.0 / 3));
  const CsvTable table = read_csv(context.dir / "history.csv");
  EXPECT_EQ(std::stod(table.rows[0][table.column("val_loss")]), 1.0 / 3);
}

TEST(History, NeitherRepeatsNorLosesARowFromAnyCut) {
  const auto values = random_values(1, 12);
  const TemporaryFolder folder;
  MockContext context;
  context.dir = folder.path();
  History unbroken;
  for (int epoch = 1; epoch <= 12; ++epoch)
    unbroken.on_epoch_end(context, logs_of(epoch, values[epoch - 1]));
  const std::string expected = text_of(context);
  for (int cut = 0; cut < 12; ++cut) {
    History before;
    before.on_train_begin(context);
    for (int epoch = 1; epoch <= cut; ++epoch)
      before.on_epoch_end(context, logs_of(epoch, values[epoch - 1]));
    const std::string saved = before.state().dump();
    // Killed after the row of the next epoch was written, before the
    // checkpoint: the row on disk must not be there twice.
    before.on_epoch_end(context, logs_of(cut + 1, 99));
    History after;
    after.load_state(Json::parse(saved));
    after.on_train_resume(context, cut);
    EXPECT_EQ(text_of(context).find("99"), std::string::npos);
    for (int epoch = cut + 1; epoch <= 12; ++epoch)
      after.on_epoch_end(context, logs_of(epoch, values[epoch - 1]));
    EXPECT_EQ(text_of(context), expected) << "cut " << cut;
  }
}

TEST(History, ForgetsTheLastRunWhenANewOneBegins) {
  const TemporaryFolder folder;
  MockContext context;
  context.dir = folder.path();
  History history;
  history.on_epoch_end(context, logs_of(1, 0.5));
  history.on_train_begin(context);
  EXPECT_TRUE(history.rows().empty());
  EXPECT_EQ(history.state().dump(), R"({"rows":[]})");
}

TEST(History, NamesTheFileThatItCannotWrite) {
  const TemporaryFolder folder;
  MockContext context;
  write_file(folder.path() / "file", "");
  context.dir = folder.path() / "file";  // a file where the folder should be
  History history;
  const std::string error = error_of<DataError>(
      [&] { history.on_epoch_end(context, logs_of(1, 0.5)); });
  EXPECT_NE(error.find("[file] expected"), std::string::npos) << error;
  EXPECT_NE(error.find(context.dir.string()), std::string::npos) << error;
}

TEST(History, RefusesRowsThatDoNotEndWithTheEpoch) {
  const TemporaryFolder folder;
  MockContext context;
  context.dir = folder.path();
  History history;
  history.on_epoch_end(context, logs_of(1, 0.5));
  EXPECT_EQ(error_of<DataError>([&] { history.on_train_resume(context, 3); }),
            "[history] expected 3 rows for a run that goes on after epoch 3; "
            "got 1 rows up to epoch 1. The checkpoint is damaged or of another "
            "version: start a new run.");
}

TEST(History, RefusesABadState) {
  History history;
  const auto error = [&](const char* state) {
    return error_of<DataError>([&] { history.load_state(Json::parse(state)); });
  };
  const std::string end =
      " The checkpoint is damaged or of another version: start a new run.";
  EXPECT_EQ(error(R"({"rows": [[1, 2]]})"),
            "[history] expected rows of 8 numbers in the saved state; got "
            "[1,2]." +
                end);
  EXPECT_EQ(error(R"({"rows": [[1, 2, 3, "x", 5, 6, 7, 8]]})"),
            "[history] expected a number as 'val_loss' in the saved state; got "
            "\"x\"." +
                end);
  EXPECT_EQ(
      error(R"({"rows": 3})"),
      "[history] expected a list as 'rows' in the saved state; got 3." + end);
}

}  // namespace
}  // namespace fer
