#include "metrics/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "metrics/metrics_json.h"
#include "metrics/sklearn_cases.h"

namespace fer {
namespace {

using testing::HasSubstr;

// Probabilities that do not matter: all on the predicted class.
Json metrics(std::vector<std::string> names, std::vector<int64_t> labels,
             std::vector<int64_t> predicted, double zero_division = 0) {
  Predictions p;
  for (size_t i = 0; i < labels.size(); ++i) {
    p.ids.push_back(std::to_string(i));
    for (size_t k = 0; k < names.size(); ++k)
      p.probabilities.push_back(static_cast<int64_t>(k) == predicted[i]);
  }
  p.class_names = std::move(names);
  p.labels = std::move(labels);
  p.predicted = std::move(predicted);
  return metrics_json(p, "", zero_division);
}

Json two() {
  return metrics({"happy", "sad"}, {0, 0, 0, 1, 1}, {0, 0, 1, 1, 1});
}

Json three() {
  return metrics({"happy", "sad", "angry"}, {0, 0, 0, 1}, {0, 0, 1, 1});
}

template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ClassificationTable, IsScikitLearnsReportToTheCharacter) {
  const Json& reports = sklearn_values()["reports"];
  ASSERT_EQ(reports.size(), 4u);
  for (const Json& report : reports) {
    const Json& zero = report["zero_division"];
    const Json json =
        metrics(report["class_names"], report["labels"], report["predicted"],
                zero.is_null() ? std::nan("") : zero.get<double>());
    std::string expected = report["text"];
    if (report["class_names"].size() == 2) {
      expected +=
          "\npositive class: " + report["class_names"][1].get<std::string>() +
          "\n";
    }
    EXPECT_EQ(classification_table(json, report["digits"]), expected);
  }
}

TEST(ClassificationTable, HasFourDigitsUnlessToldOtherwise) {
  EXPECT_EQ(classification_table(two()), classification_table(two(), 4));
  EXPECT_THAT(classification_table(two()), HasSubstr(" 0.6667 "));
}

TEST(ClassificationTable, IsTheSameFromTheFile) {
  const Json read = Json::parse(two().dump(2));
  EXPECT_EQ(classification_table(read), classification_table(two()));
}

TEST(ConfusionTable, NamesRowsAndColumns) {
  EXPECT_EQ(confusion_table(two()),
            "confusion matrix: rows are true classes, columns predicted ones; "
            "positive class sad\n"
            "true \\ predicted  happy  sad\n"
            "happy                 2    1\n"
            "sad                   0    2\n");
}

TEST(ConfusionTable, GivesPerCentOfTheTrueClass) {
  EXPECT_EQ(confusion_table(three(), true),
            "confusion matrix: rows are true classes, columns predicted ones, "
            "per cent of the row\n"
            "true \\ predicted   happy      sad  angry\n"
            "happy             66.7 %   33.3 %  0.0 %\n"
            "sad                0.0 %  100.0 %  0.0 %\n"
            "angry                  -        -      -\n");
}

TEST(ConfusionTable, AlignsNamesBeyondAscii) {
  EXPECT_EQ(confusion_table(metrics({"fröhlich", "traurig"}, {0, 1}, {0, 1})),
            "confusion matrix: rows are true classes, columns predicted ones; "
            "positive class traurig\n"
            "true \\ predicted  fröhlich  traurig\n"
            "fröhlich                 1        0\n"
            "traurig                  0        1\n");
}

TEST(ReportTable, NamesThePositiveClassInItsCaption) {
  Json val = two();
  val["log_loss"] = 0.17;
  Json test = two();
  test["log_loss"] = nullptr;
  // sad: precision 2/3, recall 1, F1 4/5.
  EXPECT_EQ(report_table({{"val", val}, {"test", test}}),
            "precision, recall, F1: positive class sad\n"
            "      accuracy  precision  recall     F1   loss\n"
            "val      0.800      0.667   1.000  0.800  0.170\n"
            "test     0.800      0.667   1.000  0.800    nan\n");
}

TEST(ReportTable, AveragesMoreThanTwoClassesAndSaysSo) {
  Json json = three();
  json["log_loss"] = 1.5;
  // Precision 1, 1/2, 0; recall 2/3, 1, 0; F1 4/5, 2/3, 0.
  EXPECT_EQ(report_table({{"a", json}}),
            "precision, recall, F1: macro average of 3 classes\n"
            "   accuracy  precision  recall     F1   loss\n"
            "a     0.750      0.500   0.556  0.489  1.500\n");
}

TEST(ReportTable, RejectsRowsThatCannotStandTogether) {
  EXPECT_EQ(error_of([] { report_table({}); }),
            "[tables] expected at least one row; got none.");
  EXPECT_EQ(error_of([] {
              report_table({{"a", two()}, {"b", three()}});
            }),
            "[tables] expected rows of one kind (precision, recall, F1: "
            "positive class sad); got another in row 'b' (precision, recall, "
            "F1: macro average of 3 classes). Print them apart.");
}

TEST(Tables, NameTheKeyThatIsMissing) {
  for (const char* key : {"class_names", "classes", "n", "accuracy", "macro_f1",
                          "weighted_recall", "positive_class"}) {
    Json json = two();
    json.erase(key);
    EXPECT_EQ(error_of([&] { classification_table(json); }),
              std::string("[tables] expected '") + key +
                  "' in the metrics; it is missing. Write metrics.json again "
                  "with `ferbench evaluate`.");
  }
  Json json = two();
  json["classes"].erase("sad");
  EXPECT_THAT(error_of([&] {
                report_table({{"a", json}});
              }),
              HasSubstr("expected 'sad' in the metrics"));
  EXPECT_THAT(error_of([] { confusion_table(Json(3)); }),
              HasSubstr("expected 'class_names' in the metrics"));
}

TEST(Tables, RejectValuesOfAnotherKind) {
  Json json = two();
  json["accuracy"] = "high";
  EXPECT_EQ(error_of([&] { classification_table(json); }),
            "[tables] expected a number or null for 'accuracy'; got \"high\". "
            "Write metrics.json again with `ferbench evaluate`.");
  json = two();
  json["class_names"] = {1, 2};
  EXPECT_EQ(error_of([&] { classification_table(json); }),
            "[tables] expected a list of names for 'class_names'; got [1,2].");
  for (const char* matrix :
       {"[[1,2]]", "[[1,2],[3]]", "[[1,2],[3,0.5]]", "7"}) {
    json = two();
    json["confusion_matrix"] = Json::parse(matrix);
    EXPECT_EQ(error_of([&] { confusion_table(json); }),
              std::string("[tables] expected 2 x 2 counts for "
                          "'confusion_matrix'; got ") +
                  matrix + ".");
  }
}

}  // namespace
}  // namespace fer
