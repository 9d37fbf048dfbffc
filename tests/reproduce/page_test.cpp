#include "reproduce/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fer {
namespace {

using testing::HasSubstr;
using testing::Not;

Reproduction one_cell(std::optional<Measured> report,
                      std::optional<Measured> clean, CellVerdict verdict) {
  SourceResult source;
  source.published = parse_published(R"(source: 000_small
title: Small
classes: [happy, sad]
sets: [{name: test, split: test, images: 200, where: p 1}]
tables: [{name: Table 1, title: Scores, where: page 2}]
models: [{name: net, title: Net}]
claims:
  - {table: Table 1, model: net, set: test, values: {accuracy: 0.90}, where: page 2}
)",
                                     "small.yaml");
  source.runs = {{"net", "Net", report ? "report-net, seed 1" : "", ""}};
  const PublishedClaim& claim = source.published.claims[0];
  source.claims.push_back(
      {claim,
       check_claim(source.published, claim),
       {{"accuracy", parse_printed("0.90"), report, clean, verdict}}});
  Reproduction all;
  all.sources.push_back(source);
  return all;
}

TEST(ReproductionHtml, StandsAloneAndFollowsTheSystemsColours) {
  const std::string html =
      reproduction_html(one_cell({}, {}, CellVerdict::kNotRun));
  EXPECT_THAT(html, HasSubstr("<!DOCTYPE html>"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, HasSubstr("<span class=\"tag none\">not run</span>"));
  EXPECT_THAT(html, HasSubstr("no runs yet"));
  EXPECT_THAT(html, Not(HasSubstr("<svg")));
}

// .90 stands for .895 to .905; the strip runs from .80 to .95, 160 pixels wide
// after 4 of air: .895 is at 4 + 160 * .095 / .15 = 105.3.
TEST(ReproductionHtml, DrawsBothIntervalsOverThePrintedOne) {
  const Measured report{3, 0.92, 0.01, {0.88, 0.95}};
  const Measured clean{3, 0.84, 0.01, {0.80, 0.88}};
  const std::string html =
      reproduction_html(one_cell(report, clean, CellVerdict::kExplainedByLeak));
  EXPECT_THAT(html, HasSubstr("<rect x=\"105.3\""));
  EXPECT_THAT(html, HasSubstr("<line x1=\"89.3\" x2=\"164.0\" y1=\"8\""));
  EXPECT_THAT(html, HasSubstr("<line x1=\"4.0\" x2=\"89.3\" y1=\"18\""));
  EXPECT_THAT(html,
              HasSubstr("<span class=\"tag leak\">explained by the leak"));
  EXPECT_THAT(html, HasSubstr("Nothing: every cell has its runs."));
}

}  // namespace
}  // namespace fer
