#include "leaderboard/board_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board_fixture.h"
#include "leaderboard/board_cells.h"
#include "leaderboard/leaderboard.h"
#include "report/html.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++found;
  return found;
}

std::string a_page() {
  const TemporaryFolder folder;
  std::vector<RunScore> runs;
  for (const RunSpec& spec : std::vector<RunSpec>{
           {.experiment = "first", .seed = 1, .skill = 2},
           {.experiment = "first", .seed = 2, .skill = 2},
           {.experiment = "<script>alert(1)</script>", .old = true},
           {.experiment = "leaks", .protocol = "report", .leaky_share = 0.3754},
       }) {
    const auto path = folder / std::to_string(runs.size());
    RunSpec written = spec;
    written.experiment = "x";
    write_run(path, written);
    runs.push_back(read_run_score(path));
    runs.back().origin.experiment = spec.experiment;
  }
  return board_page(rank_board(make_board(runs, {}), board_metrics()[0]));
}

TEST(BoardPage, NeedsNoNetwork) {
  const std::string page = a_page();
  for (const char* part : {"http:", "https:", "src=", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(part)));
}

TEST(BoardPage, EscapesWhatCameFromFiles) {
  const std::string page = a_page();
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(BoardPage, HasASectionPerProtocolAndARowPerExperiment) {
  const std::string page = a_page();
  EXPECT_EQ(count(page, "<section id=\"clean-"), 1u);
  EXPECT_EQ(count(page, "<section id=\"report-"), 1u);
  EXPECT_EQ(count(page, "<tr data-words="), 3u);
  for (const char* tag : {"section", "table", "tr", "td", "th", "span", "svg",
                          "details", "form", "dl", "small"}) {
    const std::string name = tag;
    EXPECT_EQ(count(page, "<" + name + " ") + count(page, "<" + name + ">"),
              count(page, "</" + name + ">"))
        << tag;
  }
}

TEST(BoardPage, ShowsTheLeakInTheRowAndAboveTheTable) {
  const std::string page = a_page();
  EXPECT_THAT(page, HasSubstr("<span class=\"badge\">leaky 37.5 %</span>"));
  EXPECT_EQ(count(page, "<p class=\"warning\">"), 1u);
  EXPECT_EQ(count(page, " data-leaky>"), 1u);
}

TEST(BoardPage, ExplainsEveryHeadingInTheText) {
  const std::string page = a_page();
  for (const PageColumn& column : page_columns()) {
    EXPECT_THAT(page,
                HasSubstr("title=\"" + escape_html(column.meaning) + "\""));
    EXPECT_THAT(page, HasSubstr("<dt>" + escape_html(column.title) +
                                "</dt><dd>" + escape_html(column.meaning)));
  }
}

TEST(BoardPage, IsSortedAsItSays) {
  const std::string page = a_page();
  EXPECT_EQ(count(page, "aria-sort=\"descending\" title="), 2u);
  EXPECT_LT(page.find("data-words=\"first"), page.find("data-words=\"&lt;"));
}

TEST(BoardPage, WorksWithoutScriptAndRuns) {
  EXPECT_THAT(a_page(), HasSubstr("<form id=\"controls\" hidden>"));
  EXPECT_THAT(board_page({}), HasSubstr("No runs yet. Add one: ferbench "
                                        "leaderboard RUN_DIR --add"));
}

TEST(BoardPage, SortsMissingNumbersApart) {
  // The old run has no parameters: an empty key, a dash to look at.
  EXPECT_THAT(a_page(),
              HasSubstr("<td data-key=\"\"><span class=\"nothing\">"));
}

TEST(BoardPage, ATieHasNoSignOfItsOwn) {
  const TemporaryFolder folder;
  std::vector<RunScore> runs;
  for (const char* name : {"one", "two"}) {  // the same predictions
    write_run(folder / name, {});
    runs.push_back(read_run_score(folder / name));
    runs.back().origin.experiment = name;
  }
  const std::string page =
      board_page(rank_board(make_board(runs, {}), board_metrics()[0]));
  EXPECT_THAT(page, HasSubstr("\u22120.0 points"));
  EXPECT_THAT(page, Not(HasSubstr("\u2212-")));
}

}  // namespace
}  // namespace fer
