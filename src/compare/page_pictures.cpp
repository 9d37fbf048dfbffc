#include <fmt/core.h>

#include <algorithm>

#include "compare/page.h"
#include "report/format.h"
#include "report/html.h"

namespace fer {
namespace {

std::string count_of(size_t n) { return format_count(static_cast<double>(n)); }

// "<b>fernet</b> happy 0.93", in green or red; with seeds "happy 0.93, 4 of 5".
std::string answer_html(const CompareEntry& entry, const EntryAnswer& answer,
                        const std::string& label) {
  const bool right = answer.predicted == label;
  std::string html =
      fmt::format("<span class=\"{}\"><i>{}</i> {} {:.3f}",
                  right ? "yes" : "no", right ? "&#10003;" : "&#10007;",
                  escape_html(answer.predicted), answer.probability);
  if (answer.seeds > 1)
    html += fmt::format(", {} of {} right", answer.right, answer.seeds);
  return html + fmt::format("</span><span class=\"who\">{}</span>",
                            escape_html(entry.name));
}

std::string picture_html(const CompareEntry& a, const CompareEntry& b,
                         const Disagreement& picture, const std::string& png) {
  const std::string image =
      fmt::format("<img alt=\"{}\" src=\"data:image/png;base64,{}\">",
                  escape_html(picture.label + " " + picture.id), png);
  return fmt::format(
      "<figure class=\"sample differ\" title=\"{}\">{}<figcaption>"
      "<b>{}{}</b>{}{}</figcaption></figure>\n",
      escape_html(picture.id), image, escape_html(picture.label),
      picture.rows > 1 ? fmt::format(" ({} rows)", picture.rows) : "",
      answer_html(a, picture.a, picture.label),
      answer_html(b, picture.b, picture.label));
}

std::string answer_words(const EntryAnswer& answer) {
  std::string words =
      fmt::format("{} {:.3f}", answer.predicted, answer.probability);
  if (answer.seeds > 1)
    words += fmt::format(" ({} of {} right)", answer.right, answer.seeds);
  return words;
}

std::string list_html(const CompareEntry& a, const CompareEntry& b,
                      const std::vector<Disagreement>& list) {
  HtmlTable table{{"image", "is", a.name, b.name}, {}, ""};
  for (const Disagreement& one : list)
    table.rows.push_back(
        {one.id, one.label, answer_words(one.a), answer_words(one.b)});
  return table.html();
}

std::string kind_html(const CompareEntry& a, const CompareEntry& b,
                      const std::vector<Disagreement>& list, bool a_better,
                      const ComparePictures& pictures) {
  const CompareEntry &better = a_better ? a : b, &worse = a_better ? b : a;
  const bool seeds = a.seeds() > 1 || b.seeds() > 1;
  const std::string names =
      marked_name(better) +
      (seeds ? " is right more often than " + marked_name(worse)
             : " is right, " + marked_name(worse) + " is wrong");
  std::string html =
      fmt::format("<h3>{}: {} image{}</h3>\n", escape_html(names),
                  count_of(list.size()), list.size() == 1 ? "" : "s");
  std::string shown;
  std::vector<Disagreement> others;
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string png = i < pictures.most && pictures.png
                                ? pictures.png(list[i].id)
                                : std::string();
    if (png.empty())
      others.push_back(list[i]);
    else
      shown += picture_html(a, b, list[i], png);
  }
  if (!shown.empty()) html += "<div class=\"samples\">\n" + shown + "</div>\n";
  if (!others.empty())
    html += folded(fmt::format("{} {}by name", count_of(others.size()),
                               shown.empty() ? "" : "more "),
                   list_html(a, b, others));
  return html;
}

}  // namespace

std::string pictures_html(const Comparison& comparison, const PairDetails& pair,
                          const ComparePictures& pictures) {
  const CompareEntry &a = comparison.entry(pair.a),
                     &b = comparison.entry(pair.b);
  return kind_html(a, b, pair.pictures.a_better, true, pictures) +
         kind_html(a, b, pair.pictures.b_better, false, pictures);
}

}  // namespace fer
