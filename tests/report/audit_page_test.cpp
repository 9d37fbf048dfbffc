#include "report/audit_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

AuditPage small_page() {
  AuditPage page;
  page.title = "faces <1>";
  page.protocol = "official";
  page.audit = Json::parse(R"({
    "images": 1200, "fingerprint": "abc", "exact_duplicates": 31,
    "conflict_groups": 2, "blank_images": 0, "bad_images": [],
    "near_twin_pairs": 44, "twin_redundant": 60, "twin_conflict_groups": 5,
    "class_counts": {"train": {"happy": 1000, "sad": 100},
                     "test": {"happy": 60, "sad": 40}},
    "class_balance": {"train": 0.1, "test": null},
    "cross_split": {"train-test": {"exact": 8, "near": 12, "rows": 100,
                                   "share": 0.2}},
    "twin_groups": {"test": []},
    "drift": {"train": {"mean": 127.25, "variance": 4000.5},
              "test": {"mean": null, "variance": null},
              "difference": {"train-test": {"brightness": -0.1234,
                                            "contrast": null}}}})");
  page.cross_split = {{{{{"AAAA", "a&b.jpg", "<sad>", "test", "exact copy"},
                         {"BBBB", "c.jpg", "happy", "train", "r = 0.987"}},
                        3}},
                      17};
  return page;
}

TEST(AuditPage, BeginsWithTheLeak) {
  const std::string html = audit_html(small_page());
  EXPECT_THAT(html, HasSubstr("<h1>faces &lt;1&gt;</h1>"));
  EXPECT_THAT(html, HasSubstr("20.0 % of the test images (20) show a "
                              "photograph that also stands in train, protocol "
                              "official <span class=\"badge\">&#9888; leaky "
                              "20.0 %</span>"));
}

TEST(AuditPage, ShowsPicturesWithLabelSplitIdAndAgreement) {
  const std::string html = audit_html(small_page());
  EXPECT_THAT(
      html,
      HasSubstr("<figure><img alt=\"a&amp;b.jpg\" "
                "src=\"data:image/png;base64,AAAA\"><figcaption><b>&lt;sad&gt;"
                "</b> <span class=\"test\">test</span><br>a&amp;b.jpg<br>exact "
                "copy</figcaption></figure>"));
  EXPECT_THAT(html, HasSubstr("<p>and 3 more</p>"));
  EXPECT_THAT(html, HasSubstr("1 of 17 groups are shown."));
}

TEST(AuditPage, TabulatesFindingsLeaksBalanceAndDrift) {
  const std::string html = audit_html(small_page());
  for (const char* row :
       {"<th scope=\"row\">Near twin pairs</th><td>44</td>",
        "<th scope=\"row\">train-test</th><td>8</td><td>12</td><td>20.0 %</td>",
        "<th scope=\"row\">happy</th><td>1,000</td><td>60</td>",
        "<th scope=\"row\">smallest / largest</th><td>0.100</td><td>-</td>",
        "<th scope=\"row\">train</th><td>127.25</td><td>4000.5</td>",
        "<th scope=\"row\">train-test</th><td>-0.123</td><td>-</td>"})
    EXPECT_THAT(html, HasSubstr(row));
}

TEST(AuditPage, SaysWhatWasNotFoundOrNotSearched) {
  AuditPage page = small_page();
  page.cross_split = {};
  page.audit["near_twin_pairs"] = nullptr;
  page.audit["cross_split"]["train-test"] = {
      {"exact", 0}, {"near", nullptr}, {"rows", 100}, {"share", 0.0}};
  const std::string html = audit_html(page);
  EXPECT_THAT(html, HasSubstr("No photograph stands in two splits."));
  EXPECT_THAT(html, HasSubstr("No photograph carries two labels."));
  EXPECT_THAT(html, HasSubstr("No image has one single value."));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Near twin pairs</th><td>not "
                              "searched for</td>"));
  EXPECT_THAT(html, Not(HasSubstr("leaky")));
}

TEST(AuditPage, FetchesNothing) {
  const std::string html = audit_html(small_page());
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace fer
