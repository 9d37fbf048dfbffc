#include "report/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/error.h"
#include "core/file.h"
#include "report/plot_style.h"
#include "run_fixture.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

// PATH as it was, whatever the test does to it.
class Path {
 public:
  explicit Path(const char* value) : old_(std::getenv("PATH")) {
    setenv("PATH", value, 1);
  }
  ~Path() { setenv("PATH", old_.c_str(), 1); }

 private:
  std::string old_;
};

class Figures : public testing::Test {
 protected:
  void SetUp() override {
    if (find_program("gnuplot").empty()) GTEST_SKIP() << "no gnuplot on PATH";
  }
  std::string figure(const std::string& file) {
    return read_file(folder_.path() / "figures" / file);
  }
  TemporaryFolder folder_;
};

TEST_F(Figures, AreWholeSvgAndPngFilesForEveryNameListed) {
  write_run_fixture(folder_.path(), {.images = 100});
  const RunFiles run = read_run_files(folder_.path());
  draw_figures(run);
  std::vector<std::string> names;
  for (const Figure& one : list_figures(run)) {
    names.push_back(one.name);
    const std::string svg = figure(one.name + ".svg");
    EXPECT_THAT(svg, StartsWith("<?xml"));
    EXPECT_EQ(svg.substr(svg.find_last_not_of("\n") - 5, 6), "</svg>");
    const std::string png = figure(one.name + ".png");
    EXPECT_THAT(png, StartsWith("\x89PNG\r\n"));
    EXPECT_EQ(png.substr(png.size() - 8, 4), "IEND");
  }
  EXPECT_THAT(names, testing::ElementsAre(
                         "loss", "accuracy", "learning_rate", "roc-test",
                         "precision_recall-test", "confusion-test",
                         "confusion_normalised-test", "roc-val",
                         "precision_recall-val", "confusion-val",
                         "confusion_normalised-val", "reliability-test"));
}

TEST_F(Figures, MarkTheBestEpochWithItsValue) {
  write_run_fixture(folder_.path(), {.images = 20});
  draw_figures(read_run_files(folder_.path()));
  // Row 13 of the fixture has val_accuracy 0.9654.
  EXPECT_THAT(figure("accuracy.svg"),
              HasSubstr("best epoch 13, validation 0.9654"));
}

TEST_F(Figures, ShowTheAreaFromTheScoresOfThePositiveClass) {
  write_run_fixture(folder_.path(), {.images = 4});
  // Ranks: 0.9 (sad), 0.6 (happy), 0.4 (sad), 0.1 (happy): of the four pairs
  // of one sad and one happy image three are in order, AUC = 3 / 4.
  Predictions p;
  p.class_names = {"happy", "sad"};
  p.ids = {"a", "b", "c", "d"};
  p.labels = {1, 0, 1, 0};
  p.predicted = {1, 1, 0, 0};
  p.probabilities = {0.1, 0.9, 0.4, 0.6, 0.6, 0.4, 0.9, 0.1};
  write_predictions(folder_.path() / "predictions-test.csv", p);
  draw_figures(read_run_files(folder_.path()));
  EXPECT_THAT(figure("roc-test.svg"), HasSubstr("sad (AUC 0.7500)"));
  EXPECT_THAT(figure("roc-test.svg"), Not(HasSubstr("happy (AUC")));
}

TEST_F(Figures, DrawOneCurvePerClassWhenThereAreMore) {
  write_run_fixture(folder_.path(), {.classes = {"fear", "happy", "sad"}});
  draw_figures(read_run_files(folder_.path()));
  for (const char* name : {"fear (AUC", "happy (AUC", "sad (AUC"})
    EXPECT_THAT(figure("roc-test.svg"), HasSubstr(name));
}

TEST_F(Figures, PrintCountsAndSharesInTheCells) {
  write_run_fixture(folder_.path(), {.images = 4});
  Json metrics = read_json(folder_.path() / "metrics.json");
  metrics["test"]["confusion_matrix"] = {{1500, 500}, {1, 3}};
  write_json(folder_.path() / "metrics.json", metrics);
  draw_figures(read_run_files(folder_.path()));
  EXPECT_THAT(figure("confusion-test.svg"), HasSubstr("1,500"));
  // 500 / (1500 + 500), 3 / (1 + 3)
  EXPECT_THAT(figure("confusion_normalised-test.svg"), HasSubstr("0.250"));
  EXPECT_THAT(figure("confusion_normalised-test.svg"), HasSubstr("0.750"));
}

TEST_F(Figures, NeverRunWhatAClassNameSays) {
  const fs::path trap = folder_.path() / "trap";
  const std::string evil = "`touch " + trap.string() + "`'; system('x')";
  write_run_fixture(folder_.path(), {.classes = {"happy", evil}, .images = 20});
  draw_figures(read_run_files(folder_.path()));
  EXPECT_FALSE(fs::exists(trap));
  EXPECT_THAT(figure("confusion-test.svg"), HasSubstr("`touch "));
}

TEST_F(Figures, SurviveOneEpochAndGaps) {
  write_run_fixture(folder_.path(), {.epochs = 1, .images = 20});
  write_file(folder_.path() / "history.csv",
             "epoch,train_loss,train_accuracy,val_loss,val_accuracy,"
             "learning_rate\n1,0.5,0.7,,nan,0.001\n");
  draw_figures(read_run_files(folder_.path()));
  EXPECT_THAT(figure("loss.svg"), HasSubstr("training"));
  EXPECT_THAT(figure("loss.svg"), Not(HasSubstr("validation")));
}

TEST_F(Figures, SaysWhatGnuplotSaidWhenItFails) {
  Gnuplot plot;
  plot.figure("broken", 100, 100, "plot no_such_function(x)");
  const std::string message =
      message_of([&] { plot.run(folder_.path() / "figures"); });
  EXPECT_THAT(message, StartsWith("[report] expected gnuplot to draw 1 figures;"
                                  " got exit status 1: "));
  EXPECT_THAT(message, HasSubstr("no_such_function"));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
  EXPECT_FALSE(fs::exists(folder_.path() / "figures" / "broken.svg"));
}

TEST(Gnuplot, SaysHowToInstallItWhenItIsNotThere) {
  const Path nothing("");
  EXPECT_EQ(message_of([] { Gnuplot plot; }),
            "[report] expected the program gnuplot for the figures; got none "
            "(PATH ''). Install it with `apt-get install gnuplot-nox`, or set "
            "report.figures to false.");
}

TEST(Gnuplot, StringsDoubleTheirQuotesAndLoseLineBreaks) {
  EXPECT_EQ(gnuplot_string("it's\n`x`"), "'it''s `x`'");
}

TEST(PlotStyle, ShadesFromWhiteToDarkBlueWithInkThatCanBeRead) {
  EXPECT_EQ(shade(0), "#ffffff");
  EXPECT_EQ(shade(1), "#0b4f87");
  EXPECT_EQ(shade(7), shade(1));
  EXPECT_NE(ink_on_shade(0), ink_on_shade(1));
}

TEST(PlotStyle, ColoursAndIdsOfAnInlineSvgBelongToThePage) {
  const std::string svg = svg_for_page(
      "<?xml?>\n<svg><title>t</title><rect x=\"0\" y=\"0\" fill=\"#fff\"/>"
      "<path id='gpPt1' stroke='rgb(  0, 114, 178)'/>"
      "<use xlink:href='#gpPt1' fill=\"rgb(36,41,47)\"/></svg>",
      "loss");
  EXPECT_EQ(svg,
            "<svg><path id='loss-gpPt1' stroke='var(--series-0)'/>"
            "<use xlink:href='#loss-gpPt1' fill=\"var(--ink)\"/></svg>");
}

}  // namespace
}  // namespace fer
