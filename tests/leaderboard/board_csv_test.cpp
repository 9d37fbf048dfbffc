#include "leaderboard/board_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board_fixture.h"
#include "core/file.h"
#include "core/text.h"

namespace fer {
namespace {

using testing::HasSubstr;

std::vector<BoardRow> a_board() {
  const TemporaryFolder folder;
  std::vector<RunScore> runs;
  const std::vector<RunSpec> specs = {
      {.experiment = "a, \"b\"", .seed = 1},
      {.experiment = "a, \"b\"", .seed = 2},
      {.experiment = "c", .leaky_share = 0.25, .old = true}};
  for (const RunSpec& spec : specs) {
    const auto path = folder / std::to_string(runs.size());
    write_run(path, {.experiment = "x",
                     .seed = spec.seed,
                     .leaky_share = spec.leaky_share,
                     .old = spec.old});
    runs.push_back(read_run_score(path));
    runs.back().origin.experiment = spec.experiment;
  }
  return make_board(runs, {});
}

TEST(BoardCsv, HasTheColumnsThatOthersRelyOn) {
  const std::string columns = join(board_columns(), ",");
  EXPECT_TRUE(columns.starts_with(
      "experiment,model,dataset,protocol,leaky,n_seeds,accuracy_mean,"
      "accuracy_std,accuracy_low,accuracy_high,macro_f1_mean,macro_f1_std,"))
      << columns;
  for (const char* name : {"class_f1", "auc_mean", "parameters", "flops",
                           "train_seconds", "images_per_second", "hardware",
                           "onnx_bytes", "test_looks", "group", "commit"})
    EXPECT_THAT(board_columns(), testing::Contains(name));
}

TEST(BoardCsv, GivesBackWhatItGot) {
  const TemporaryFolder folder;
  const std::string text = board_csv(a_board());
  const auto path = folder.write("leaderboard.csv", text);
  EXPECT_EQ(board_csv(read_board(path)), text);
  EXPECT_EQ(read_board(path)[0].experiment, "a, \"b\"");
  EXPECT_EQ(read_board(path)[1].leaky_share, 0.25);
  EXPECT_FALSE(read_board(path)[1].parameters);
  EXPECT_TRUE(read_board(folder / "absent.csv").empty());
}

TEST(BoardCsv, IsTheSameAsJson) {
  const Json rows = board_json(a_board());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["n_seeds"], 2);
  EXPECT_EQ(rows[0]["seeds"], "1 2");
  EXPECT_TRUE(rows[0]["class_f1"]["happy"].is_number());
  EXPECT_EQ(rows[1]["leaky"], true);
  EXPECT_TRUE(rows[1]["accuracy_std"].is_null());
}

void expect_refused(const std::string& from, const std::string& to,
                    const std::string& message) {
  const TemporaryFolder folder;
  const auto path = folder.write("leaderboard.csv", board_csv(a_board()));
  edit_file(path, from, to);
  EXPECT_THAT(error_text([&] { read_board(path); }), HasSubstr(message));
}

TEST(BoardCsv, NamesTheLineOfADamagedRow) {
  expect_refused("experiment,model", "name,model",
                 "[leaderboard] expected the columns experiment,model,");
  expect_refused(",true,", ",perhaps,",
                 "expected true or false in column leaky; got 'perhaps' (");
  expect_refused(",true,", ",perhaps,", "leaderboard.csv:3:1). Restore");
  expect_refused(",best,", ",good,",
                 "expected best, tied or behind in column group; got 'good'");
  expect_refused("{\"\"happy", "[\"\"happy",
                 "expected a JSON object in column class_f1; got '[");
  expect_refused(",1 2,", ",1 two,",
                 "expected whole numbers in column seeds; got '1 two'");
}

}  // namespace
}  // namespace fer
