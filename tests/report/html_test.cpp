#include "report/html.h"

#include <gtest/gtest.h>

#include "report/format.h"
#include "report/scores.h"

namespace fer {
namespace {

TEST(Html, EscapesWhatCouldEndATextOrAnAttribute) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>\t\n"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt; \n");
}

TEST(HtmlTable, MakesTheFirstCellOfARowItsHeadingAndEscapesAll) {
  const std::string html = HtmlTable{{"<k>"}, {{"a&b", "1"}}, "c"}.html();
  EXPECT_NE(html.find("<th scope=\"col\">&lt;k&gt;</th>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"row\">a&amp;b</th><td>1</td>"),
            std::string::npos);
}

TEST(Format, RoundsAsThePageStates) {
  EXPECT_EQ(format_percent(0.94327), "94.3 %");
  EXPECT_EQ(format_share(0.94327), "0.9433");
  EXPECT_EQ(format_count(1798), "1,798");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(-1234567), "-1,234,567");
  EXPECT_EQ(format_number(1e-7), "1.00e-07");
  EXPECT_EQ(format_number(0.5), "0.5000");
  EXPECT_EQ(format_number(48), "48");
  EXPECT_EQ(format_number(0.0 / 0.0), "not a number");
}

TEST(Format, NamesMetricsForReaders) {
  EXPECT_EQ(metric_title("mcc"), "Matthews correlation");
  EXPECT_EQ(metric_title("auc_from_hard_labels"), "ROC AUC, from hard labels");
  EXPECT_EQ(metric_title("some_new_metric"), "Some new metric");
  EXPECT_EQ(metric_title("micro_f1"), "Micro F1");
}

TEST(Scores, TakeMissingAndNullForNothing) {
  const Json scores = {{"auc", nullptr}, {"n", 3}, {"positive_class", nullptr}};
  EXPECT_FALSE(number(scores, "auc"));
  EXPECT_FALSE(number(scores, "absent"));
  EXPECT_EQ(number(scores, "n"), 3.0);
  EXPECT_EQ(text(scores, "positive_class"), "");
  EXPECT_TRUE(confusion_of(scores).empty());
  EXPECT_TRUE(confusion_of({{"confusion_matrix", {{1, 2}}}}).empty());
}

TEST(Scores, ReportRowIsThePositiveClassForTwoClassesElseTheMean) {
  Json scores = {{"accuracy", 0.9},
                 {"positive_class", "sad"},
                 {"macro_precision", 0.5},
                 {"macro_recall", 0.6},
                 {"macro_f1", 0.55},
                 {"classes",
                  {{"happy", {{"precision", 0.1}}},
                   {"sad", {{"precision", 0.8}, {"recall", 0.7}}}}}};
  ReportRow row = report_row(scores);
  EXPECT_EQ(row.positive, "sad");
  EXPECT_EQ(row.precision, 0.8);
  EXPECT_EQ(row.recall, 0.7);
  EXPECT_FALSE(row.f1);
  scores["classes"]["fear"] = Json::object();
  row = report_row(scores);
  EXPECT_EQ(row.positive, "");
  EXPECT_EQ(row.precision, 0.5);
  EXPECT_EQ(row.f1, 0.55);
}

}  // namespace
}  // namespace fer
