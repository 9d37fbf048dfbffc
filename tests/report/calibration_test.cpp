#include "report/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "report/figures.h"
#include "report/page.h"
#include "run_fixture.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

// n images of two classes, all answered "happy" with this probability; of each
// ten, `right` are happy.
Predictions constant(size_t n, double probability, size_t right) {
  Predictions p;
  p.class_names = {"happy", "sad"};
  for (size_t i = 0; i < n; ++i) {
    p.ids.push_back("img-" + std::to_string(i));
    p.labels.push_back(i % 10 < right ? 0 : 1);
    p.predicted.push_back(0);
    p.probabilities.insert(p.probabilities.end(),
                           {probability, 1 - probability});
  }
  return p;
}

// 0.9 sure, right in 8 of 10: ECE = |0.8 - 0.9| = 0.1. On validation right in 7
// of 10, so T takes the confidence to 0.7: logit(0.9) / T = logit(0.7), T = ln
// 9 / ln(7 / 3) = 2.5932. On test then ECE = |0.8 - 0.7| = 0.1, and log loss
// -(0.8 ln 0.7 + 0.2 ln 0.3) = 0.5261 instead of -(0.8 ln 0.9 + 0.2 ln 0.1) =
// 0.5448.
RunFiles overconfident() {
  RunFiles run;
  run.predictions["test"] = constant(100, 0.9, 8);
  run.predictions["val"] = constant(50, 0.9, 7);
  return run;
}

TEST(Calibration, FitsTheTemperatureOnValidationAndJudgesItOnTest) {
  const auto calibration = measure_calibration(overconfident());
  ASSERT_TRUE(calibration);
  EXPECT_EQ(calibration->split, "test");
  EXPECT_EQ(calibration->images, 100u);
  EXPECT_NEAR(calibration->before.width.expected_error, 0.1, 1e-9);
  EXPECT_NEAR(calibration->fit->temperature, 2.59322, 1e-4);
  EXPECT_NEAR(calibration->after->width.expected_error, 0.1, 1e-6);
  EXPECT_NEAR(calibration->after->width.confidence, 0.7, 1e-6);
  EXPECT_NEAR(calibration->before.log_loss, 0.544805, 1e-6);
  EXPECT_NEAR(calibration->after->log_loss, 0.526135, 1e-6);
}

TEST(Calibration, IsJsonWithNullForWhatIsMissing) {
  RunFiles run = overconfident();
  const Json json = calibration_json(*measure_calibration(run));
  EXPECT_EQ(json.at("split"), "test");
  EXPECT_EQ(json.at("images"), 100);
  EXPECT_NEAR(json.at("ece_equal_width").get<double>(), 0.1, 1e-9);
  EXPECT_NEAR(json.at("mean_confidence").get<double>(), 0.9, 1e-9);
  EXPECT_NEAR(json.at("accuracy").get<double>(), 0.8, 1e-9);
  EXPECT_NEAR(json.at("temperature").get<double>(), 2.59322, 1e-4);
  EXPECT_NEAR(json.at("scaled").at("log_loss").get<double>(), 0.526135, 1e-6);
  run.predictions.erase("val");
  const Json alone = calibration_json(*measure_calibration(run));
  EXPECT_TRUE(alone.at("temperature").is_null());
  EXPECT_TRUE(alone.at("scaled").is_null());
}

TEST(Calibration, HasNoTemperatureWhereItCannotBeJudged) {
  RunFiles run = overconfident();
  run.predictions.erase("val");
  EXPECT_FALSE(measure_calibration(run)->fit);
  EXPECT_THAT(calibration_section(run).html,
              HasSubstr("predictions-val.csv, which is missing"));
  run = overconfident();
  run.predictions.erase("test");
  const auto validation = measure_calibration(run);
  EXPECT_EQ(validation->split, "val");
  EXPECT_FALSE(validation->after);
  EXPECT_THAT(calibration_section(run).html,
              HasSubstr("no predictions of other images to judge it on"));
  EXPECT_FALSE(measure_calibration(RunFiles{}));
}

TEST(Calibration, SectionSaysWhichWayTheModelErrsAndShowsBothColumns) {
  const std::string html = calibration_section(overconfident()).html;
  EXPECT_THAT(html, HasSubstr("90.0 % on average and is right in 80.0 %"));
  EXPECT_THAT(html, HasSubstr("too sure of itself"));
  EXPECT_THAT(html, HasSubstr("Temperature 2.593"));
  EXPECT_THAT(html, HasSubstr("softer"));
  EXPECT_THAT(html,
              HasSubstr("<th scope=\"row\">Log loss</th><td>0.5448</td><td>"
                        "0.5261</td>"));
  RunFiles modest = overconfident();
  modest.predictions["test"] = constant(100, 0.6, 9);
  EXPECT_THAT(calibration_section(modest).html, HasSubstr("too modest"));
}

TEST(Calibration, DoesNotTrustATemperatureAtTheLimit) {
  RunFiles run = overconfident();
  run.predictions["val"] = constant(50, 0.9, 10);  // all right: none is sharp
  EXPECT_THAT(calibration_section(run).html, HasSubstr("do not trust it"));
}

TEST(Calibration, FigureStandsInItsOwnSectionAlone) {
  if (find_program("gnuplot").empty()) GTEST_SKIP() << "no gnuplot on PATH";
  const TemporaryFolder folder;
  write_run_fixture(folder.path(), {.images = 400});
  draw_figures(read_run_files(folder.path()));
  const RunFiles run = read_run_files(folder.path());
  const std::string svg =
      read_file(folder.path() / "figures" / "reliability-test.svg");
  EXPECT_THAT(svg, HasSubstr("as trained (ECE "));
  EXPECT_THAT(svg, HasSubstr("temperature "));
  const char* caption = "How often the answers of a confidence are right";
  EXPECT_THAT(calibration_section(run).html, HasSubstr(caption));
  EXPECT_THAT(figures_section(run).html, Not(HasSubstr(caption)));
}

}  // namespace
}  // namespace fer
