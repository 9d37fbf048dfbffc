// Data, how to run it again, and where it ran.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "report/format.h"
#include "report/page.h"
#include "report/scores.h"

namespace fer {
namespace {

std::string words(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return format_count(value.get<double>());
  if (value.is_number()) return format_number(value.get<double>());
  return value.dump();
}

// Images per class and split: from audit.json's "class_counts", else the
// supports of the scored splits.
std::string class_counts(const RunFiles& run) {
  std::map<std::string, std::map<std::string, std::string>> cells;
  std::vector<std::string> classes, splits;
  const auto add = [&](const std::string& split, const std::string& name,
                       const Json& count) {
    if (std::find(classes.begin(), classes.end(), name) == classes.end())
      classes.push_back(name);
    if (std::find(splits.begin(), splits.end(), split) == splits.end())
      splits.push_back(split);
    cells[name][split] = words(count);
  };
  if (run.audit.is_object() && run.audit.contains("class_counts"))
    for (const auto& [split, counts] : run.audit["class_counts"].items())
      if (counts.is_object())
        for (const auto& [name, count] : counts.items())
          add(split, name, count);
  for (const std::string& split : run.scored_splits())
    for (const std::string& name : score_classes(run.metrics[split]))
      if (const Json& of = run.metrics[split]["classes"][name];
          of.is_object() && of.contains("support"))
        add(split, name, of["support"]);
  if (classes.empty()) return {};
  HtmlTable table{{"class"}, {}, "Images per class and split"};
  for (const std::string& split : splits) table.head.push_back(split);
  for (const std::string& name : classes) {
    std::vector<std::string> row = {name};
    for (const std::string& split : splits)
      row.push_back(cells[name].contains(split) ? cells[name][split] : "-");
    table.rows.push_back(std::move(row));
  }
  return table.html();
}

std::string audit_tables(const Json& audit) {
  HtmlTable found{{"what the audit counted", ""}, {}, ""};
  HtmlTable leaks{{"splits", "exact copies", "near twins"},
                  {},
                  "Images that stand in two splits"};
  for (const auto& [key, value] : audit.items()) {
    if (value.is_number() || value.is_string())
      found.rows.push_back({metric_title(key), words(value)});
    if (value.is_array())
      found.rows.push_back(
          {metric_title(key), format_count(static_cast<double>(value.size()))});
    if (key != "cross_split" || !value.is_object()) continue;
    for (const auto& [pair, counts] : value.items())
      leaks.rows.push_back(
          {pair, counts.contains("exact") ? words(counts["exact"]) : "-",
           counts.contains("near") ? words(counts["near"]) : "-"});
  }
  return found.html() + (leaks.rows.empty() ? "" : leaks.html());
}

}  // namespace

PageSection data_section(const RunFiles& run) {
  const std::string audit =
      run.audit.is_object()
          ? audit_tables(run.audit)
          : missing_html(
                "audit.json is missing: duplicates and leaks are unknown. "
                "`ferbench data audit` makes one.");
  const std::string counts = class_counts(run);
  return {"data", "Data",
          fmt::format("<div class=\"columns\"><div>{}</div><div>{}</div></div>",
                      counts.empty()
                          ? missing_html("Class counts are missing: there is "
                                         "neither audit.json nor metrics.json.")
                          : counts,
                      audit)};
}

PageSection reproduce_section(const RunFiles& run) {
  std::string command = text(run.environment, "command");
  if (command.empty())
    command =
        fmt::format("ferbench run {}",
                    (run.path / "config.yaml").lexically_normal().string());
  std::string html =
      fmt::format("<pre><code>{}</code></pre>\n", escape_html(command));
  const std::string commit = text(run.environment, "commit");
  if (!commit.empty())
    html += fmt::format("<p class=\"note\">At commit <code>{}</code>.</p>\n",
                        escape_html(commit));
  html += run.config.empty() ? missing_html("config.yaml is missing.")
                             : folded("config.yaml, every setting resolved",
                                      fmt::format("<pre><code>{}</code></pre>",
                                                  escape_html(run.config)));
  return {"reproduce", "Reproduce", html};
}

PageSection environment_section(const RunFiles& run) {
  PageSection section{"environment", "Environment", ""};
  if (!run.environment.is_object()) {
    section.html = missing_html("environment.json is missing.");
    return section;
  }
  HtmlTable table;
  for (const auto& [key, value] : run.environment.items())
    table.rows.push_back({metric_title(key), words(value)});
  section.html = "<div class=\"texts\">" + table.html() + "</div>";
  return section;
}

}  // namespace fer
