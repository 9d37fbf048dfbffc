#include "compare/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "run_builder.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++n;
  return n;
}

Comparison two(const RunSettings& settings = {}) {
  const TemporaryFolder folder;
  const MarkedPair pair = marked_pair(80, 9, 2, 10);
  return compare_runs(lineup_of(folder, {pair.a, pair.b}, settings),
                      {.resamples = 500});
}

ComparePictures some(size_t most = 100) {
  ComparePictures pictures;
  pictures.png = [](const std::string& id) {
    return id == "img-81" ? "" : "iVBORw0KGgo=";
  };
  pictures.most = most;
  return pictures;
}

TEST(ComparePage, ShowsTheSentenceTheNumbersAndEveryDifferingPicture) {
  const Comparison comparison = two();
  const std::string html = compare_html(comparison, some());
  EXPECT_THAT(html, HasSubstr(compare_sentence(comparison)));
  // 9 + 2 pictures, one of which the source does not have.
  EXPECT_EQ(count(html, "<img "), 10u);
  EXPECT_THAT(html, HasSubstr("a is right, b is wrong: 9 images"));
  EXPECT_THAT(html, HasSubstr("b is right, a is wrong: 2 images"));
  EXPECT_THAT(html, HasSubstr("1 more by name"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">img-81</th><td>sad</td><td>"
                              "sad 0.900</td><td>happy 0.800</td>"));
}

TEST(ComparePage, ShowsAtMostSoManyPicturesAndNamesTheOthers) {
  const std::string html = compare_html(two(), some(1));
  EXPECT_EQ(count(html, "<img "), 2u);
  EXPECT_THAT(html, HasSubstr("8 more by name"));
}

TEST(ComparePage, WithoutPicturesSaysWhyAndListsTheIds) {
  ComparePictures none;
  none.missing = "No pictures: the <archive> is gone.";
  const std::string html = compare_html(two(), none);
  EXPECT_EQ(count(html, "<img "), 0u);
  EXPECT_THAT(html, HasSubstr("the &lt;archive&gt; is gone."));
  EXPECT_THAT(html, HasSubstr("9 by name"));
}

TEST(ComparePage, IsOneFileThatFetchesNothingAndClosesWhatItOpens) {
  const std::string html = compare_html(two(), some());
  const std::regex outside(
      "(src|href)\\s*=\\s*[\"']?(https?:|//|file:)|@import|<script|<link",
      std::regex::icase);
  EXPECT_FALSE(std::regex_search(html, outside));
  for (const char* tag : {"section", "figure", "table", "details", "div",
                          "span", "figcaption", "style"})
    EXPECT_EQ(count(html, std::string("<") + tag + ">") +
                  count(html, std::string("<") + tag + " "),
              count(html, std::string("</") + tag + ">"))
        << tag;
}

TEST(ComparePage, EscapesNamesAndIds) {
  const TemporaryFolder folder;
  Predictions a = table({"happy", "<script>"}, {0, 1, 0, 1},
                        {{1, 0}, {0, 1}, {1, 0}, {0, 1}},
                        {"<b>", "\"x\" onerror=", "c", "d"});
  Predictions b = a;
  b.predicted = {1, 0, 0, 1};
  b.probabilities = {0, 1, 1, 0, 1, 0, 0, 1};
  const Comparison comparison =
      compare_runs(lineup_of(folder, {a, b}), {.resamples = 200});
  for (const std::string& html :
       {compare_html(comparison, some()), compare_html(comparison, {})}) {
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("\"x\" onerror")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  }
}

TEST(ComparePage, WarnsOfLeakyRuns) {
  EXPECT_THAT(compare_html(two({.leaky_share = 0.375}), some()),
              testing::AllOf(HasSubstr("class=\"warning\""),
                             HasSubstr("a (leaky 37.5 %)")));
  EXPECT_THAT(compare_html(two(), some()), Not(HasSubstr("class=\"warning\"")));
}

}  // namespace
}  // namespace fer
