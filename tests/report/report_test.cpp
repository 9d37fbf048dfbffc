#include "report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "core/file.h"
#include "report/gnuplot.h"
#include "run_fixture.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++n;
  return n;
}

TEST(Report, IsOneFileThatFetchesNothingAndClosesWhatItOpens) {
  if (find_program("gnuplot").empty()) GTEST_SKIP() << "no gnuplot on PATH";
  const TemporaryFolder folder;
  write_run_fixture(folder.path());
  write_report(folder.path());
  const std::string html = read_file(folder.path() / "report.html");
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>"));
  EXPECT_EQ(html.substr(html.size() - 8), "</html>\n");
  const std::regex outside(
      "(src|href)\\s*=\\s*[\"']?(https?:|//|file:)|url\\(\\s*[\"']?http|"
      "@import|<script|<link",
      std::regex::icase);
  EXPECT_FALSE(std::regex_search(html, outside));
  EXPECT_EQ(count(html, "<svg"), 12u);  // 3 of training, 4 per split, 1
  for (const char* tag :
       {"section", "figure", "table", "details", "div", "svg"})
    EXPECT_EQ(count(html, std::string("<") + tag + ">") +
                  count(html, std::string("<") + tag + " ") +
                  count(html, std::string("<") + tag + "\n"),
              count(html, std::string("</") + tag + ">"))
        << tag;
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
}

TEST(Report, WritesThePageWithoutFiguresAndTheOtherWayRound) {
  const TemporaryFolder folder;
  write_run_fixture(folder.path(), {.images = 20});
  write_report(folder.path(), false, true);
  EXPECT_FALSE(fs::exists(folder.path() / "figures"));
  EXPECT_THAT(read_file(folder.path() / "report.html"),
              HasSubstr("No figures"));
  fs::remove(folder.path() / "report.html");
  write_report(folder.path(), false, false);
  EXPECT_FALSE(fs::exists(folder.path() / "report.html"));
}

TEST(Report, NeedsNoGnuplotWhereThereIsNothingToDraw) {
  const TemporaryFolder folder;
  write_file(folder.path() / "config.yaml", "a: 1\n");
  write_report(folder.path());
  EXPECT_THAT(read_file(folder.path() / "report.html"),
              HasSubstr("history.csv is missing"));
}

}  // namespace
}  // namespace fer
