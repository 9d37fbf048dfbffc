#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "core/file.h"
#include "report/format.h"
#include "run_fixture.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

RunFiles fixture_run(const std::filesystem::path& folder,
                     const RunFixture& fixture) {
  write_run_fixture(folder, fixture);
  return read_run_files(folder);
}

TEST(Verdict, IsOneSentenceWithIntervalSizeAndProtocol) {
  RunFiles run;
  run.metrics = {{"test",
                  {{"n", 1798},
                   {"accuracy", 0.94327},
                   {"accuracy_interval", {0.9312, 0.9531}}}},
                 {"protocol", "report"},
                 {"leaky", true},
                 {"leaky_share", 0.7123}};
  EXPECT_EQ(verdict(run),
            "Test accuracy 94.3 % [93.1, 95.3], n = 1,798, protocol report");
  EXPECT_EQ(leak_badge(run), "leaky 71.2 %");
  run.metrics["leaky_share"] = 0.004;
  EXPECT_EQ(leak_badge(run), "leaky 0.4 %");
  run.metrics.erase("leaky_share");
  EXPECT_EQ(leak_badge(run), "leaky");
  run.metrics["leaky"] = false;
  EXPECT_EQ(leak_badge(run), "");
  EXPECT_EQ(verdict(RunFiles{}), "No scores yet: metrics.json is missing.");
}

TEST(Page, ShowsEveryNumberOfMetricsJsonRoundedAsStated) {
  const TemporaryFolder folder;
  const RunFiles run = fixture_run(folder.path(), {});
  const std::string html = report_html(run);
  for (const char* split : {"test", "val"}) {
    const Json& scores = run.metrics[split];
    for (const auto& [key, value] : scores.items()) {
      if (!value.is_number_float() || key == "zero_division") continue;
      EXPECT_THAT(html, HasSubstr("<td>" + format_share(value.get<double>())))
          << key;
    }
    for (const auto& [name, of] : scores["classes"].items())
      for (const auto& [key, value] : of.items())
        EXPECT_THAT(html, HasSubstr(value.is_number_integer()
                                        ? format_count(value.get<double>())
                                        : format_share(value.get<double>())))
            << name << " " << key;
    for (const Json& row : scores["confusion_matrix"])
      for (const Json& cell : row)
        EXPECT_THAT(
            html, HasSubstr("<b>" + format_count(cell.get<double>()) + "</b>"));
  }
  EXPECT_THAT(html, HasSubstr("Positive class: sad"));
  EXPECT_THAT(html, HasSubstr("leaky 71.0 %"));
  EXPECT_THAT(html, HasSubstr("early_stopping: val_accuracy did not improve"));
}

TEST(Page, EscapesClassNamesIdsAndSettings) {
  const TemporaryFolder folder;
  write_run_fixture(folder.path(),
                    {.classes = {"happy", "<script>x</script>"}, .images = 40});
  write_file(folder.path() / "config.yaml", "name: </pre><script>y</script>\n");
  write_json(folder.path() / "environment.json",
             {{"commit", "<script>z</script>"}, {"<b>", "\"><script>"}});
  const std::string html = report_html(read_run_files(folder.path()));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;x&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("name: &lt;/pre&gt;&lt;script&gt;y"));
}

TEST(Page, ShowsOnlyBase64AsAPicture) {
  RunFiles run;
  run.samples["test"] = Json::array({{{"id", "a"},
                                      {"label", "sad"},
                                      {"predicted", "happy"},
                                      {"probability", 0.75},
                                      {"png", "x\" onerror=\"alert(1)"}},
                                     {{"id", "b"},
                                      {"label", "sad"},
                                      {"predicted", "sad"},
                                      {"probability", 0.5},
                                      {"png", "iVBORw0KGgo="}}});
  const std::string html = samples_section(run).html;
  EXPECT_THAT(html, Not(HasSubstr("onerror")));
  EXPECT_THAT(html, HasSubstr("data:image/png;base64,iVBORw0KGgo="));
  EXPECT_THAT(html, HasSubstr("sample wrong"));
  EXPECT_THAT(html, HasSubstr("happy, is sad<br>p = 0.750"));
  EXPECT_THAT(html, HasSubstr("sample right"));
}

TEST(Page, SaysWhatIsMissingInEachSection) {
  RunFiles run;
  run.path = "runs/empty";
  const std::string html = report_html(run);
  for (const char* what :
       {"metrics.json is missing", "No figures", "No samples-",
        "No predictions: `ferbench evaluate`", "history.csv is missing",
        "audit.json is missing", "config.yaml is missing",
        "environment.json is missing"})
    EXPECT_THAT(html, HasSubstr(what));
  EXPECT_THAT(html, HasSubstr("ferbench run runs/empty/config.yaml"));
}

TEST(Page, CountsImagesPerSplitFromTheAuditAndTheSupports) {
  RunFiles run;
  run.audit = {{"images", 10},
               {"class_counts", {{"train", {{"happy", 4321}}}}},
               {"cross_split", {{"train-test", {{"exact", 7}, {"near", 9}}}}}};
  run.metrics["test"] = {{"accuracy", 1.0},
                         {"classes", {{"happy", {{"support", 5}}}}}};
  const std::string html = data_section(run).html;
  EXPECT_THAT(
      html, HasSubstr("<th scope=\"row\">happy</th><td>4,321</td><td>5</td>"));
  EXPECT_THAT(
      html, HasSubstr("<th scope=\"row\">train-test</th><td>7</td><td>9</td>"));
}

TEST(Page, MultiClassScoresAreMeansAndHaveNoPositiveClass) {
  const TemporaryFolder folder;
  const std::string html = report_html(fixture_run(
      folder.path(),
      {.classes = {"fear", "happy", "sad", "angry"}, .leaky = false}));
  EXPECT_THAT(html, HasSubstr("plain mean over classes"));
  EXPECT_THAT(html, Not(HasSubstr("Positive class")));
  EXPECT_THAT(html, Not(HasSubstr("class=\"badge\"")));
}

}  // namespace
}  // namespace fer
