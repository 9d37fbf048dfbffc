#include "reproduce/page_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/format.h"
#include "reproduce/tables.h"

namespace fer {
namespace {

constexpr double kWidth = 168;  // of the strip, in pixels

std::string tag(const char* kind, std::string_view text) {
  return fmt::format("<span class=\"tag {}\">{}</span>", kind,
                     escape_html(text));
}

std::string verdict_tag(const Cell& cell) {
  const CellVerdict verdict = cell.verdict;
  const char* kind = verdict == CellVerdict::kReproduced        ? "good"
                     : verdict == CellVerdict::kNotReproduced   ? "bad"
                     : verdict == CellVerdict::kExplainedByLeak ? "leak"
                                                                : "none";
  return tag(kind, verdict_words(cell));
}

std::string verdict_tag(ArithmeticCheck::Verdict verdict) {
  using Verdict = ArithmeticCheck::Verdict;
  const char* kind = verdict == Verdict::kPossible     ? "good"
                     : verdict == Verdict::kImpossible ? "bad"
                                                       : "none";
  return tag(kind, std::string("arithmetic: ") + verdict_name(verdict));
}

/// The scale of one claim's strips: all that they show, and some air.
struct Scale {
  double low = 1e300, high = -1e300;

  void include(double a, double b) {
    low = std::min(low, a);
    high = std::max(high, b);
  }
  double at(double x) const {
    const double span = high > low ? high - low : 1;
    return 4 + (kWidth - 8) * (x - low) / span;
  }
};

Scale scale_of(const Cell& cell) {
  Scale scale;
  const Bounds bounds = bounds_of(cell.reported, Rounding::kNearest);
  scale.include(bounds.low.value(), bounds.high.value());
  for (const auto& measured : {cell.report, cell.clean})
    if (measured)
      scale.include(measured->interval.low, measured->interval.high);
  return scale;
}

std::string whisker(const Scale& scale, const Measured& measured, int y,
                    const char* colour) {
  const double low = scale.at(measured.interval.low);
  const double high = scale.at(measured.interval.high);
  return fmt::format(
      "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{}\" y2=\"{}\" "
      "stroke=\"var({})\" stroke-width=\"2\"/><circle cx=\"{:.1f}\" "
      "cy=\"{}\" r=\"3.5\" fill=\"var({})\"/>",
      low, high, y, y, colour, scale.at(measured.mean), y, colour);
}

/// What was printed as a band, both intervals as lines above each other.
std::string strip(const Cell& cell) {
  if (!cell.report && !cell.clean) return "";
  const Scale scale = scale_of(cell);
  const Bounds bounds = bounds_of(cell.reported, Rounding::kNearest);
  const double low = scale.at(bounds.low.value());
  const double width = std::max(2.0, scale.at(bounds.high.value()) - low);
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} 26\" aria-hidden=\"true\"><rect x=\"{:.1f}\" "
      "y=\"1\" width=\"{:.1f}\" height=\"24\" fill=\"var(--faint)\" "
      "opacity=\".45\"/>",
      kWidth, low, width);
  if (cell.report) svg += whisker(scale, *cell.report, 8, "--series-0");
  if (cell.clean) svg += whisker(scale, *cell.clean, 18, "--series-1");
  return svg + "</svg>";
}

/// The mean in full ink, spread and interval small behind it.
std::string measured_cell(const Cell& cell,
                          const std::optional<Measured>& measured) {
  if (!measured) return "<td class=\"gone\">not run</td>";
  const std::string text = measured_text(cell.reported, measured);
  const size_t space = text.find(' ');
  if (space == std::string::npos) return "<td>" + escape_html(text) + "</td>";
  return fmt::format("<td>{}<br><small>{}</small></td>",
                     escape_html(text.substr(0, space)),
                     escape_html(text.substr(space + 1)));
}

std::string cell_row(const SourceResult& source, const ClaimResult& claim,
                     const Cell& cell) {
  const bool impossible =
      claim.check.verdict == ArithmeticCheck::Verdict::kImpossible;
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td>{}</td>{}{}<td>{}</td><td>{}</td>"
      "</tr>\n",
      escape_html(score_words(source.published, claim.claim, cell.metric)),
      escape_html(cell.reported.text), measured_cell(cell, cell.report),
      measured_cell(cell, cell.clean), strip(cell),
      verdict_tag(cell) + (impossible ? " " + tag("bad", "impossible") : ""));
}

std::string runs_of(const SourceResult& source, const std::string& model) {
  const auto found = std::ranges::find(source.runs, model, &ModelRuns::model);
  if (found == source.runs.end()) return "";
  std::vector<std::string> parts;
  if (!found->report.empty()) parts.push_back("report: " + found->report);
  if (!found->clean.empty()) parts.push_back("clean: " + found->clean);
  return parts.empty() ? "no runs yet" : join(parts, "; ");
}

std::string model_row(const SourceResult& source, const ClaimResult& claim) {
  return fmt::format(
      "<tr class=\"model\"><th colspan=\"6\">{} <span>{}</span></th></tr>\n",
      escape_html(source.published.model(claim.claim.model).title),
      escape_html(runs_of(source, claim.claim.model)));
}

std::string cells_table(const SourceResult& source, const std::string& table) {
  std::string html =
      "<div class=\"scroll\"><table class=\"cells\"><thead><tr><th "
      "scope=\"col\">score</th><th scope=\"col\">reported</th><th "
      "scope=\"col\">as published</th><th "
      "scope=\"col\">clean</th><th scope=\"col\"></th><th "
      "scope=\"col\">verdict</th></tr></thead><tbody>\n";
  const PublishedClaim* last = nullptr;
  for (const ClaimResult* claim : claims_of(source, table)) {
    if (!last || last->model != claim->claim.model)
      html += model_row(source, *claim);
    last = &claim->claim;
    for (const Cell& cell : claim->cells)
      html += cell_row(source, *claim, cell);
  }
  return html + "</tbody></table></div>\n";
}

std::string claim_item(const SourceResult& source, const ClaimResult& result) {
  const PublishedClaim& claim = result.claim;
  std::vector<std::string> scores;
  for (const PublishedValue& value : claim.values)
    scores.push_back(score_words(source.published, claim, value.metric) + " " +
                     value.number.text);
  std::string html = fmt::format(
      "<li><b>{}</b>: {} {}<br>{} <span class=\"note\">Source: {}.</span>",
      escape_html(source.published.model(claim.model).title),
      escape_html(join(scores, ", ")), verdict_tag(result.check.verdict),
      escape_html(result.check.text), escape_html(claim.where));
  if (!claim.doubts.empty()) html += "<ul class=\"doubts\">";
  for (const std::string& doubt : claim.doubts)
    html += fmt::format("<li>{}</li>", escape_html(doubt));
  return html + (claim.doubts.empty() ? "" : "</ul>") + "</li>\n";
}

std::string claims_list(const SourceResult& source, const std::string& table) {
  std::string html = "<ul class=\"claims\">\n";
  for (const ClaimResult* claim : claims_of(source, table))
    html += claim_item(source, *claim);
  return html + "</ul>\n";
}

std::string sets_table(const Published& published) {
  HtmlTable table;
  table.caption = "Image sets";
  table.head = {"set", "images", "where", "note"};
  for (const PublishedSet& set : published.sets) {
    table.rows.push_back({set.name,
                          set.images > 0
                              ? format_count(static_cast<double>(set.images))
                              : "not stated",
                          set.where, set.note});
  }
  return table.html();
}

std::string other_table(const Published& published) {
  HtmlTable table;
  table.caption = "Other published numbers";
  table.head = {"what", "as printed", "where", "note"};
  for (const OtherNumber& other : published.other)
    table.rows.push_back({other.what, other.value, other.where, other.note});
  return table.rows.empty() ? "" : table.html();
}

constexpr std::string_view kLegend =
    "<p class=\"note legend\"><span class=\"key\" "
    "style=\"background:var(--faint);"
    "margin-left:0\"></span>values that print as reported<span class=\"key\" "
    "style=\"background:var(--series-0)\"></span>as published<span "
    "class=\"key\" style=\"background:var(--series-1)\"></span>clean</p>\n";

}  // namespace

PageSection source_section(const SourceResult& source) {
  const Published& published = source.published;
  std::string name = published.source;
  std::ranges::replace(name, '_', ' ');
  PageSection section{"source-" + published.source.substr(0, 3), name, ""};
  section.html =
      fmt::format("<p>{}. {}</p>\n{}", escape_html(published.title),
                  escape_html(count_verdicts(source).text()), kLegend);
  for (const PublishedTable& table : published.tables) {
    section.html += fmt::format(
        "<h3>{}: {}</h3>\n<p class=\"note\">In the source: {}.</p>\n{}{}",
        escape_html(table.name), escape_html(table.title),
        escape_html(table.where), cells_table(source, table.name),
        folded("Arithmetic check, places and doubts",
               claims_list(source, table.name), true));
  }
  for (const std::string& shares : source.shares)
    section.html +=
        fmt::format("<p class=\"warning\"><b>Impossible together.</b> {}</p>\n",
                    escape_html(shares));
  section.html += folded("Image sets and other published numbers",
                         "<div class=\"words\">" + sets_table(published) +
                             other_table(published) + "</div>");
  return section;
}

}  // namespace fer
