#include "reproduce/page.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/file.h"
#include "report/format.h"
#include "report/html.h"
#include "reproduce/page_parts.h"
#include "reproduce/tables.h"

namespace fer {
namespace {

constexpr std::string_view kStyle = R"(<style>
.tag { display: inline-block; padding: 0 9px; border-radius: 999px;
  font-size: .82rem; font-weight: 600; line-height: 1.6; white-space: nowrap;
  border: 1px solid currentColor; }
.tag.good { color: var(--good); } .tag.bad { color: var(--bad); }
.tag.leak { color: var(--warn); background: var(--warn-card); }
.tag.none { color: var(--soft); border-style: dashed; font-weight: 400; }
.cells td { padding-left: 14px; }
.cells td:last-child, .cells th:last-child { text-align: left; }
.cells .model > * { padding-top: 14px; font-weight: 600; color: var(--ink);
  text-align: left; white-space: normal; }
.cells .model span { font-weight: 400; color: var(--soft);
  font-size: .85rem; }
.cells tbody th { padding-left: 12px; font-weight: 400; }
.cells small { color: var(--soft); font-size: .82rem; }
.cells .gone { color: var(--soft); }
.cells svg { display: block; width: 140px; height: 22px; }
.cells tbody th { white-space: normal; }
.cells td:first-of-type { width: 9%; } .cells td:nth-child(6) { width: 22%; }
.cells td:nth-child(3), .cells td:nth-child(4) { width: 19%; }
.cells td:nth-child(5) { width: 150px; }
.tag + .tag { margin-left: 4px; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 3px;
  margin: 0 5px -1px 14px; }
.claims { list-style: none; padding: 0; margin: 12px 0; font-size: .92rem; }
.claims li { padding: 10px 0; border-top: 1px solid var(--grid); }
.claims b { font-weight: 600; }
.claims .doubts { margin: 4px 0 0; padding-left: 18px; color: var(--soft);
  list-style: disc; }
.claims .doubts li { border: 0; padding: 1px 0; }
section > .legend { margin: 12px 0 20px; }
h3 { margin-top: 34px; font-size: 1.08rem; }
section > h3:first-of-type { margin-top: 8px; }
</style>
)";

std::string card(int count, const char* what) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n",
                     count, what);
}

std::string header(const Reproduction& reproduction) {
  VerdictCounts all;
  for (const SourceResult& source : reproduction.sources)
    for (const ClaimResult& claim : source.claims) all.add(claim);
  std::string html(kStyle);
  html +=
      "<p class=\"kicker\">ferbench reproduce</p>\n<h1>Published tables, "
      "reproduced</h1>\n<p class=\"verdict\">Each published number beside the "
      "same training run here twice: as published, its leak included, and "
      "without the leak.</p>\n<div class=\"cards\">\n";
  html += card(all.explained, "explained by the leak") +
          card(all.reproduced, "reproduced") +
          card(all.not_reproduced, "not reproduced") +
          card(all.not_run, "not run") +
          card(all.impossible, "claims impossible by arithmetic");
  return html + "</div>\n";
}

PageSection faults_section(const SourceResult& source) {
  PageSection section{"faults", "Other faults", ""};
  for (const ReportFault& fault : source.faults) {
    section.html += fmt::format("<h3>{}</h3>\n", escape_html(fault.title));
    for (const std::string& paragraph : fault.text)
      section.html += fmt::format("<p>{}</p>\n", escape_html(paragraph));
    HtmlTable table;
    table.head = fault.table[0];
    table.rows.assign(fault.table.begin() + 1, fault.table.end());
    section.html += table.rows.empty()
                        ? missing_html("Not run yet: the commands are below.")
                        : table.html();
  }
  return section;
}

PageSection missing_section(const Reproduction& reproduction) {
  PageSection section{"missing", "Not run", ""};
  if (reproduction.missing.empty()) {
    section.html = "<p>Nothing: every cell has its runs.</p>\n";
    return section;
  }
  section.html =
      "<p>These commands fill the gaps; then run <code>ferbench "
      "reproduce</code> again.</p>\n<pre>";
  for (const Missing& missing : reproduction.missing) {
    section.html += escape_html(missing.command);
    if (!missing.needs.empty())
      section.html += escape_html("   # needs " + missing.needs);
    section.html += "\n";
  }
  section.html += "</pre>\n";
  return section;
}

constexpr std::string_view kFooter =
    "Made by ferbench from stored predictions alone. n: seeds; ± standard "
    "deviation over them; [ ]: where one more run is expected in 95 of 100 "
    "cases. Rules: docs/reproduce.md.";

}  // namespace

std::string reproduction_html(const Reproduction& reproduction) {
  std::vector<PageSection> sections;
  for (const SourceResult& source : reproduction.sources) {
    sections.push_back(source_section(source));
    if (!source.faults.empty()) sections.push_back(faults_section(source));
  }
  sections.push_back(missing_section(reproduction));
  return page_html("Published tables, reproduced - ferbench",
                   header(reproduction), sections, kFooter);
}

void write_reproduction(const std::filesystem::path& results,
                        const Reproduction& reproduction) {
  write_file(results / "reproduction.md", reproduction_markdown(reproduction));
  write_file(results / "reproduction.html", reproduction_html(reproduction));
}

}  // namespace fer
