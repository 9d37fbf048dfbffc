#include "compare/page.h"

#include <fmt/core.h>

#include "compare/words.h"
#include "report/format.h"
#include "report/html.h"

namespace fer {
namespace {

// Seven columns side by side; two answers below a picture.
constexpr const char* kStyle =
    "<style>#differences th, #differences td { padding-left: 10px; }\n"
    "#differences table { font-size: .88rem; }\n"
    "#differences th:first-child { padding-left: 0; }\n"
    ".differ { border: 1px solid var(--grid); }\n"
    ".differ figcaption { padding: 6px 8px 8px; }\n"
    ".differ b, .differ span { display: block; }\n"
    ".differ .who { color: var(--soft); font-size: .72rem; margin-bottom: 2px; "
    "}\n.yes i { color: var(--good); } .no i { color: var(--bad); }\n"
    "#photographs .samples { grid-template-columns: repeat(auto-fill, "
    "minmax(132px, 1fr)); }</style>\n";

std::string card(const std::string& value, const std::string& what) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n",
                     escape_html(value), escape_html(what));
}

std::string table_html(TableRows rows, const std::string& caption) {
  HtmlTable table;
  table.head = rows[0];
  rows.erase(rows.begin());
  table.rows = std::move(rows);
  table.caption = caption;
  return table.html();
}

std::string cards(const Comparison& comparison) {
  const CompareMetric& metric = compare_metric(comparison.metric);
  const PairTest& pair = comparison.pairs[0];
  const Difference& d = pair.difference;
  std::string html = card(
      metric.share ? fmt::format("{:+.1f}", 100 * d.difference)
                   : difference_words(false, d.difference),
      fmt::format("{}{}, 95 % interval {}", metric.share ? "points of " : "",
                  metric.title, interval_words(metric.share, d.interval)));
  html += card(p_words(d.p), test_words(comparison.lineup, d.test));
  html += card(
      format_count(static_cast<double>(comparison.lineup.rows())),
      comparison.lineup.independent()
          ? comparison.lineup.split + " images"
          : comparison.lineup.split + " rows of " +
                format_count(static_cast<double>(comparison.lineup.units)) +
                " different images");
  if (const auto& mcnemar = comparison.details[0].mcnemar)
    html +=
        card(fmt::format("{} : {}",
                         format_count(static_cast<double>(mcnemar->only_a)),
                         format_count(static_cast<double>(mcnemar->only_b))),
             "rows that one alone has right");
  return "<div class=\"cards\">\n" + html + "</div>\n";
}

std::string title_of(const Comparison& comparison) {
  const auto& entries = comparison.lineup.entries;
  return entries.size() == 2 ? entries[comparison.order[0]].name + " against " +
                                   entries[comparison.order[1]].name
                             : fmt::format("{} runs compared", entries.size());
}

std::string header(const Comparison& comparison) {
  std::string html = fmt::format(
      "{}<p class=\"kicker\">ferbench compare, {} split</p>\n<h1>{}</h1>\n"
      "<p class=\"verdict\">{}</p>\n",
      kStyle, escape_html(comparison.lineup.split),
      escape_html(title_of(comparison)),
      escape_html(compare_sentence(comparison)));
  bool leaky = false;
  for (const CompareEntry& entry : comparison.lineup.entries)
    leaky = leaky || entry.leaky;
  if (leaky)
    html +=
        "<p class=\"warning\">Leaky: test images of these runs stand in their "
        "training images too. A difference may tell who remembers better, not "
        "who recognises better.</p>\n";
  return html + (comparison.pairs.size() == 1 ? cards(comparison) : "");
}

PageSection runs_section(const Comparison& comparison) {
  PageSection section{"runs", "Runs", table_html(score_table(comparison), "")};
  for (const size_t entry : comparison.order) {
    const std::string words = variance_words(comparison, entry);
    if (!words.empty())
      section.html +=
          fmt::format("<p class=\"note\">{}</p>\n", escape_html(words));
  }
  if (comparison.pairs.size() > 1)
    section.html +=
        "<h3>Every pair</h3>\n" + table_html(pair_table(comparison), "");
  return section;
}

PageSection differences_section(const Comparison& comparison) {
  PageSection section{"differences", "Differences", ""};
  for (const PairDetails& pair : comparison.details) {
    if (comparison.details.size() > 1)
      section.html +=
          fmt::format("<h3>{} against {}</h3>\n",
                      escape_html(marked_name(comparison.entry(pair.a))),
                      escape_html(marked_name(comparison.entry(pair.b))));
    const std::string mcnemar = mcnemar_words(comparison, pair);
    if (!mcnemar.empty())
      section.html += fmt::format("<p>{}</p>\n", escape_html(mcnemar));
    section.html += table_html(metric_table(comparison, pair), "");
    if (!pair.recalls.empty())
      section.html += table_html(recall_table(comparison, pair), "");
  }
  section.html += fmt::format(
      "<p class=\"note\">The test is that of the {}; the other scores are for "
      "orientation, their p is not adjusted. Log loss, Brier score and "
      "calibration error: lower is better.</p>\n",
      compare_metric(comparison.metric).title);
  return section;
}

PageSection pictures_section(const Comparison& comparison,
                             const ComparePictures& pictures) {
  PageSection section{"photographs", "Photographs on which they differ", ""};
  if (!pictures.png) section.html += missing_html(pictures.missing);
  section.html +=
      "<p class=\"note\">The label stands in bold, below it both answers with "
      "their probabilities. First those on which the models are furthest "
      "apart.</p>\n";
  for (const PairDetails& pair : comparison.details)
    section.html += pictures_html(comparison, pair, pictures);
  return section;
}

PageSection method_section(const Comparison& comparison) {
  std::string html = fmt::format(
      "<p>Compared on {} under {}; rows were matched by id. "
      "Intervals: bootstrap "
      "(BCa, {} resamples, stratified by class{}). Two runs count as different "
      "where {} is below {}.</p>\n",
      escape_html(count_words(comparison.lineup)),
      comparison.lineup.ranked
          ? "protocol " + escape_html(comparison.lineup.entries[0].protocol)
          : "the protocol of each run, see above",
      format_count(comparison.resamples),
      comparison.lineup.independent() ? ""
                                      : ", copies of a picture drawn together",
      comparison.pairs.size() > 1 ? "Holm's p" : "p", kAlpha);
  for (const std::string& note : comparison.lineup.notes)
    html += fmt::format("<p class=\"note\">{}</p>\n", escape_html(note));
  HtmlTable table{{"run", "folders"}, {}, ""};
  for (const CompareEntry& entry : comparison.lineup.entries) {
    std::string folders;
    for (const auto& folder : entry.folders)
      folders += (folders.empty() ? "" : ", ") + folder.string();
    table.rows.push_back({marked_name(entry), folders});
  }
  html += "<div class=\"texts\">" + table.html() + "</div>";
  return {"method", "How it was compared", html};
}

}  // namespace

std::string compare_html(const Comparison& comparison,
                         const ComparePictures& pictures) {
  return page_html(
      title_of(comparison) + " - ferbench", header(comparison),
      {runs_section(comparison), differences_section(comparison),
       pictures_section(comparison, pictures), method_section(comparison)},
      "Made by ferbench compare from stored predictions. Methods: "
      "docs/statistics.md.");
}

}  // namespace fer
