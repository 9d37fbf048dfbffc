#include "leaderboard/run_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "board_fixture.h"
#include "core/file.h"

namespace fer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string refusal(const TemporaryFolder& folder) {
  return error_text([&] { read_run_score(folder.path()); });
}

TEST(RunScore, ReadsARunAndProvesIt) {
  const TemporaryFolder folder;
  write_run(folder.path(), {.images = 60});
  const RunScore score = read_run_score(folder.path());
  EXPECT_EQ(score.predictions.size(), 60u);
  EXPECT_EQ(score.scores, [&] {
    Json stored = read_json(folder / "metrics.json")["test"];
    stored.erase("predictions_sha256");
    return stored;
  }());
  EXPECT_EQ(score.predictions_sha256.size(), 64u);
  EXPECT_EQ(score.groups.size(), 60u);
}

TEST(RunScore, ReadsTheCommittedResults) {
  const fs::path results = fs::path(FERBENCH_SOURCE_DIR) / "results";
  const RunScore report = read_run_score(results / "report/fernet/seed-43");
  EXPECT_EQ(report.origin.experiment, "report-fernet");
  EXPECT_EQ(report.origin.protocol, "report");
  EXPECT_EQ(report.origin.dataset, "fer2013 (happy, sad)");
  EXPECT_EQ(report.predictions.size(), 1798u);
  // The report draws sad images with replacement: rows of one image are a
  // group.
  EXPECT_LT(
      std::set<int64_t>(report.groups.begin(), report.groups.end()).size(),
      1798u);
  EXPECT_NEAR(report.origin.leaky_share.value_or(0), (675 + 95) / 1798.0,
              1e-12);
  const RunScore tuned =
      read_run_score(results / "report/fernet_tuned_bf16/seed-42");
  EXPECT_EQ(tuned.test_set, report.test_set);
  const RunScore clean =
      read_run_score(results / "clean/fernet_random/seed-42");
  EXPECT_NE(clean.test_set, report.test_set);
  // Near twins alone.
  EXPECT_NEAR(clean.origin.leaky_share.value_or(0), 164 / 1474.0, 1e-12);
}

// The last digit of one probability: rounding still lets the row sum to 1.
void change_a_digit(const fs::path& path) {
  std::string text = read_file(path);
  const size_t line = text.find('\n', text.find('\n') + 1);
  char& digit = text[line - 1];
  digit = digit == '5' ? '6' : '5';
  write_file(path, text);
}

TEST(RunScore, RefusesPredictionsWithAChangedDigit) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  change_a_digit(folder / "predictions-test.csv");
  EXPECT_THAT(
      refusal(folder),
      AllOf(HasSubstr("[leaderboard] expected the predictions that the run was "
                      "scored from, SHA-256 "),
            HasSubstr("The file was changed afterwards: restore it, or score "
                      "the run again: `ferbench evaluate " +
                      folder.path().string() + " --split test`.")));
}

TEST(RunScore, SaysSoAlsoWhereTheRowIsNoProbabilityAnyMore) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  edit_file(folder / "predictions-test.csv", ",0.", ",7.");
  EXPECT_THAT(refusal(folder), HasSubstr("The file was changed afterwards"));
}

TEST(RunScore, RefusesAnOldRunWhosePredictionsGiveOtherScores) {
  const TemporaryFolder folder;
  write_run(folder.path(), {.old = true});
  edit_file(folder / "predictions-test.csv", "happy,happy,", "happy,sad,");
  EXPECT_THAT(refusal(folder),
              AllOf(HasSubstr("[leaderboard] expected test.accuracy = "),
                    HasSubstr(" of metrics.json to follow from the "
                              "predictions; got "),
                    HasSubstr("One of the two files was changed")));
}

TEST(RunScore, RefusesAChangedScore) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  Json metrics = read_json(folder / "metrics.json");
  metrics["test"]["classes"]["sad"]["f1"] =
      metrics["test"]["classes"]["sad"]["f1"].get<double>() + 1e-6;
  write_json(folder / "metrics.json", metrics);
  EXPECT_THAT(refusal(folder), HasSubstr("expected test.classes.sad.f1 = "));
  metrics["test"]["confusion_matrix"][0][1] = 99;
  write_json(folder / "metrics.json", metrics);
  EXPECT_THAT(refusal(folder), HasSubstr("expected test.confusion_matrix = "));
}

TEST(RunScore, TakesOtherLastDigits) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  Json metrics = read_json(folder / "metrics.json");
  metrics["test"]["log_loss"] =
      metrics["test"]["log_loss"].get<double>() + 1e-13;
  write_json(folder / "metrics.json", metrics);
  EXPECT_EQ(refusal(folder), "no error");
}

TEST(RunScore, AsksForTestPredictionsAndScores) {
  const TemporaryFolder folder;
  write_run(folder.path(), {});
  fs::rename(folder / "predictions-test.csv", folder / "predictions-val.csv");
  EXPECT_THAT(
      refusal(folder),
      HasSubstr("[leaderboard] expected predictions-test.csv; got none ("));
  folder.write("metrics.json", "{\"protocol\": \"clean\"}");
  EXPECT_THAT(refusal(folder),
              HasSubstr("[leaderboard] expected scores of the test split in "
                        "metrics.json; got none ("));
  EXPECT_THAT(error_text([&] { read_run_score(folder / "absent"); }),
              HasSubstr("got no such folder"));
}

TEST(RunScore, RefusesATestOfOneImage) {
  const TemporaryFolder folder;
  Predictions p = decisions({0, 0}, {0, 0});
  p.ids = {"a", "a"};
  write_run(folder.path(), {}, p);
  EXPECT_THAT(refusal(folder),
              HasSubstr("[leaderboard] expected a test split of two or more "
                        "different images; got one ("));
}

TEST(RunScore, NamesTheTestImagesWhateverTheirOrder) {
  Predictions a = decisions({0, 1, 0}, {0, 1, 0});
  Predictions b = decisions({0, 0, 1}, {1, 0, 1});
  b.ids = {"a", "c", "b"};
  EXPECT_EQ(test_set_digest(a), test_set_digest(b));
  b.labels[0] = 1;
  EXPECT_NE(test_set_digest(a), test_set_digest(b));
  b = a;
  b.class_names = {"sad", "happy"};
  EXPECT_NE(test_set_digest(a), test_set_digest(b));
}

}  // namespace
}  // namespace fer
