// Scores: the report's table, every metric per split, classes, confusion.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "report/format.h"
#include "report/page.h"
#include "report/scores.h"

namespace fer {
namespace {

std::string shown(const std::optional<double>& value) {
  return value ? format_share(*value) : "-";
}

std::string shown(const Json& value) {
  if (value.is_number_integer()) return format_count(value.get<double>());
  if (!value.is_number()) return "-";
  const double number = value.get<double>();
  return number == 0 || number == 1 ? format_share(number)
                                    : format_number(number);
}

bool is_interval(const Json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_number() &&
         value[1].is_number();
}

// Numbers of a split by dotted name, e.g. "macro.f1"; classes and the matrix
// have tables of their own.
void collect(const Json& object, const std::string& prefix,
             std::vector<std::pair<std::string, std::string>>& found) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = prefix + key;
    if (key == "zero_division") continue;  // a setting, shown in the config
    if (value.is_object() && key != "classes")
      collect(value, name + ".", found);
    if (!value.is_number()) continue;
    found.emplace_back(name, shown(value));
    if (const auto it = object.find(key + "_interval");
        it != object.end() && is_interval(*it))
      found.emplace_back(
          name + ", 95 % interval",
          fmt::format("{} to {}", shown((*it)[0]), shown((*it)[1])));
  }
}

std::string metric_table(const RunFiles& run) {
  HtmlTable table;
  table.head = {"metric"};
  const auto splits = run.scored_splits();
  std::vector<std::string> order;
  std::map<std::string, std::map<std::string, std::string>> cells;
  for (const std::string& split : splits) {
    table.head.push_back(split);
    std::vector<std::pair<std::string, std::string>> found;
    collect(run.metrics[split], "", found);
    for (const auto& [name, words] : found) {
      if (!cells.contains(name)) order.push_back(name);
      cells[name][split] = words;
    }
  }
  for (const std::string& name : order) {
    std::vector<std::string> row = {metric_title(name)};
    for (const std::string& split : splits)
      row.push_back(cells[name].contains(split) ? cells[name][split] : "-");
    table.rows.push_back(std::move(row));
  }
  return table.html();
}

std::string report_table(const RunFiles& run) {
  HtmlTable table;
  table.head = {"split", "accuracy", "precision", "recall", "F1"};
  for (const std::string& split : run.scored_splits()) {
    const ReportRow row = report_row(run.metrics[split]);
    table.rows.push_back({split, shown(row.accuracy), shown(row.precision),
                          shown(row.recall), shown(row.f1)});
    table.caption = row.positive.empty()
                        ? "Precision, recall and F1: plain mean over classes"
                        : "Positive class: " + row.positive;
  }
  return table.html();
}

std::string column_title(const std::string& key) {
  if (key == "f1") return "F1";
  if (key == "auc") return "ROC AUC";
  std::string title = key;
  std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

std::string class_table(const Json& scores) {
  HtmlTable table;
  table.head = {"class"};
  const auto names = score_classes(scores);
  if (names.empty())
    return missing_html("No scores per class in metrics.json.");
  for (const auto& [key, value] : scores["classes"][names[0]].items())
    if (value.is_number()) table.head.push_back(key);
  const std::vector<std::string> keys(table.head.begin() + 1, table.head.end());
  for (const std::string& name : names) {
    const Json& of = scores["classes"][name];
    std::vector<std::string> row = {name};
    for (const std::string& key : keys)
      row.push_back(of.contains(key) ? shown(of[key]) : "-");
    table.rows.push_back(std::move(row));
  }
  for (std::string& title : table.head) title = column_title(title);
  return table.html();
}

std::string confusion_table(const Json& scores) {
  const auto matrix = confusion_of(scores);
  const auto names = score_classes(scores);
  if (matrix.empty() || names.size() != matrix.size())
    return missing_html("No confusion matrix in metrics.json.");
  std::string html =
      "<div class=\"scroll\"><table class=\"confusion\"><thead><tr><th>true "
      "\\ predicted</th>";
  for (const std::string& name : names)
    html += fmt::format("<th scope=\"col\">{}</th>", escape_html(name));
  html += "</tr></thead><tbody>\n";
  for (size_t row = 0; row < matrix.size(); ++row) {
    const double sum =
        std::accumulate(matrix[row].begin(), matrix[row].end(), 0.0);
    html +=
        fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(names[row]));
    for (const double count : matrix[row]) {
      const double share = sum > 0 ? count / sum : 0;
      html += fmt::format(
          "<td style=\"--share:{:.3f}\"><b>{}</b><span>{}</span></td>", share,
          format_count(count), format_percent(share));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string split_details(const Json& scores) {
  return fmt::format("<h3>Confusion matrix</h3>\n{}<h3>Classes</h3>\n{}",
                     confusion_table(scores), class_table(scores));
}

}  // namespace

PageSection scores_section(const RunFiles& run) {
  PageSection section{"scores", "Scores", ""};
  const auto splits = run.scored_splits();
  if (splits.empty()) {
    section.html = missing_html(
        "metrics.json is missing or holds no split: run `ferbench evaluate` on "
        "this folder.");
    return section;
  }
  const Json& first = run.metrics[splits[0]];
  const std::string confusion =
      fmt::format("<h3>Confusion matrix, {}</h3>\n{}", escape_html(splits[0]),
                  confusion_table(first));
  const bool narrow = score_classes(first).size() <= 3;
  section.html = fmt::format(
      "<div class=\"columns\"><div><h3>As the report gives it</h3>\n{}{}"
      "</div><div><h3>All metrics</h3>\n{}</div></div>\n{}"
      "<h3>Classes, {}</h3>\n{}",
      report_table(run), narrow ? confusion : "", metric_table(run),
      narrow ? "" : confusion, escape_html(splits[0]), class_table(first));
  for (size_t i = 1; i < splits.size(); ++i)
    section.html += folded(splits[i] + ": confusion matrix and classes",
                           split_details(run.metrics[splits[i]]));
  return section;
}

}  // namespace fer
