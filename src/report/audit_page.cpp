#include "report/audit_page.h"

#include <fmt/core.h>

#include "report/format.h"
#include "report/html.h"

namespace fer {
namespace {

// Beyond report.html's own style.
constexpr std::string_view kGroupStyle = R"(<style>
.group { border-top: 1px solid var(--grid); padding: 14px 0;
  display: grid; gap: 10px;
  grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); }
.group:first-of-type { border-top: none; padding-top: 0; }
.group img { display: block; width: 100%; aspect-ratio: 1;
  image-rendering: pixelated; border-radius: 6px; background: var(--grid); }
.group figcaption { font-size: .78rem; line-height: 1.35;
  overflow-wrap: anywhere; }
.group b { color: var(--ink); }
.group .test { color: var(--bad); font-weight: 700; }
.group .val { color: var(--accent); font-weight: 700; }
.group p { align-self: center; color: var(--soft); font-size: .85rem; }
</style>
)";

double count_of(const Json& audit, const char* key) {
  return audit.contains(key) && audit[key].is_number()
             ? audit[key].get<double>()
             : 0;
}

std::string number_text(const Json& value, const char* format) {
  return value.is_number()
             ? fmt::format(fmt::runtime(format), value.get<double>())
             : "-";
}

std::string card(const std::string& value, const std::string& what) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n",
                     escape_html(value), escape_html(what));
}

std::string picture_html(const AuditPicture& picture) {
  return fmt::format(
      "<figure><img alt=\"{0}\" src=\"data:image/png;base64,{1}\">"
      "<figcaption><b>{2}</b>{3}<br>{0}{4}</figcaption></figure>\n",
      escape_html(picture.id), picture.png, escape_html(picture.label),
      picture.split.empty() ? ""
                            : fmt::format(" <span class=\"{0}\">{0}</span>",
                                          escape_html(picture.split)),
      picture.note.empty() ? "" : "<br>" + escape_html(picture.note));
}

std::string group_html(const AuditGroup& group) {
  std::string html = "<div class=\"group\">\n";
  for (const AuditPicture& picture : group.pictures)
    html += picture_html(picture);
  if (group.more > 0)
    html += fmt::format("<p>and {} more</p>\n",
                        format_count(static_cast<double>(group.more)));
  return html + "</div>\n";
}

PageSection groups_section(const char* id, const char* title, const char* intro,
                           const char* none, const AuditGroups& groups) {
  PageSection section{id, title, ""};
  if (groups.groups.empty()) {
    section.html = fmt::format("<p class=\"note\">{}</p>\n", none);
    return section;
  }
  section.html = fmt::format(
      "<p class=\"note\">{} {} of {} groups are shown.</p>\n", intro,
      format_count(static_cast<double>(groups.groups.size())),
      format_count(static_cast<double>(groups.total)));
  for (const AuditGroup& group : groups.groups)
    section.html += group_html(group);
  return section;
}

PageSection blank_section(const AuditGroup& blank) {
  PageSection section{"blank", "Blank images", ""};
  section.html = blank.pictures.empty()
                     ? "<p class=\"note\">No image has one single value.</p>\n"
                     : group_html(blank);
  return section;
}

PageSection counts_section(const Json& audit) {
  HtmlTable found{{"finding", "images or groups"}, {}, ""};
  for (const auto& [key, value] : audit.items()) {
    if (value.is_number())
      found.rows.push_back({metric_title(key), format_number(value)});
    if (value.is_null())
      found.rows.push_back({metric_title(key), "not searched for"});
    if (value.is_array())
      found.rows.push_back(
          {metric_title(key), format_count(static_cast<double>(value.size()))});
  }
  HtmlTable leaks{{"splits", "exact copies", "near twins only", "share"},
                  {},
                  "Images of the second split whose photograph also stands in "
                  "the first"};
  for (const auto& [pair, leak] : audit.at("cross_split").items()) {
    leaks.rows.push_back(
        {pair, format_count(leak.at("exact")),
         leak.at("near").is_number() ? format_count(leak.at("near")) : "-",
         format_percent(leak.at("share"))});
  }
  return {"counts", "Findings",
          fmt::format("<div class=\"columns\"><div>{}</div><div>{}</div></div>",
                      found.html(), leaks.html())};
}

std::string class_table(const Json& audit) {
  HtmlTable table{{"class"}, {}, "Rows per class and split"};
  const Json& counts = audit.at("class_counts");
  for (const auto& [split, classes] : counts.items()) {
    table.head.push_back(split);
    size_t i = 0;
    for (const auto& [name, count] : classes.items()) {
      if (table.rows.size() <= i) table.rows.push_back({name});
      table.rows[i++].push_back(format_count(count));
    }
  }
  table.rows.push_back({"smallest / largest"});
  for (const auto& [split, balance] : audit.at("class_balance").items())
    table.rows.back().push_back(number_text(balance, "{:.3f}"));
  return table.html();
}

PageSection balance_section(const Json& audit) {
  HtmlTable light{
      {"split", "mean", "variance"}, {}, "Gray levels of all pixels, 0 to 255"};
  HtmlTable drift{{"splits", "brightness", "contrast"},
                  {},
                  "Standardised difference; beyond 0.1 either way is worth a "
                  "look"};
  for (const auto& [key, value] : audit.at("drift").items()) {
    if (key != "difference") {
      light.rows.push_back({key, number_text(value.at("mean"), "{:.2f}"),
                            number_text(value.at("variance"), "{:.1f}")});
      continue;
    }
    for (const auto& [pair, of] : value.items())
      drift.rows.push_back({pair, number_text(of.at("brightness"), "{:+.3f}"),
                            number_text(of.at("contrast"), "{:+.3f}")});
  }
  return {"balance", "Balance and drift",
          fmt::format("<div class=\"columns\"><div>{}</div><div>{}{}</div>"
                      "</div>",
                      class_table(audit), light.html(), drift.html())};
}

std::string header(const AuditPage& page) {
  const Json& audit = page.audit;
  const Json& leak = audit.at("cross_split").at("train-test");
  const double share = leak.at("share");
  const double leaked = count_of(leak, "exact") + count_of(leak, "near");
  std::string html = fmt::format(
      "{}<p class=\"kicker\">ferbench data audit</p>\n<h1>{}</h1>\n"
      "<p class=\"verdict\">{} of the test images ({}) show a photograph that "
      "also stands in train, protocol {}{}</p>\n",
      kGroupStyle, escape_html(page.title), format_percent(share),
      format_count(leaked), escape_html(page.protocol),
      leaked > 0 ? fmt::format(" <span class=\"badge\">&#9888; leaky {}</span>",
                               format_percent(share))
                 : "");
  html += "<div class=\"cards\">\n";
  html += card(format_count(count_of(audit, "images")), "images");
  html += card(format_count(count_of(audit, "exact_duplicates")),
               "redundant exact copies");
  if (audit.at("near_twin_pairs").is_number()) {
    html += card(format_count(count_of(audit, "twin_redundant")),
                 "redundant with near twins");
    html += card(format_count(count_of(audit, "twin_conflict_groups")),
                 "photographs with several labels");
  } else {
    html += card(format_count(count_of(audit, "conflict_groups")),
                 "pictures with several labels");
  }
  html += card(format_count(count_of(audit, "blank_images")), "blank images");
  return html + "</div>\n";
}

}  // namespace

std::string audit_html(const AuditPage& page) {
  return page_html(
      page.title + " - ferbench data audit", header(page),
      {counts_section(page.audit),
       groups_section("cross-split", "One photograph in several splits",
                      "Test and training first; under each picture its label, "
                      "split, id and how it agrees with the others.",
                      "No photograph stands in two splits.", page.cross_split),
       groups_section("conflicts", "One photograph, several labels",
                      "At most one of the labels is right.",
                      "No photograph carries two labels.", page.conflicts),
       groups_section("largest", "The largest groups", "Most copies first.",
                      "No photograph stands here twice.", page.largest),
       blank_section(page.blank), balance_section(page.audit)},
      "Made by ferbench data audit. How near twins are found, and how often "
      "that errs: docs/audit.md.");
}

}  // namespace fer
