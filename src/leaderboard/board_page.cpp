#include "leaderboard/board_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "leaderboard/board_cells.h"
#include "leaderboard/board_text.h"
#include "report/format.h"
#include "report/html.h"

namespace fer {
namespace {

std::string head_cell(const std::string& title, const std::string& meaning,
                      bool numeric, bool low_first, const char* sorted) {
  return fmt::format(
      "<th scope=\"col\" data-kind=\"{}\" data-first=\"{}\"{} "
      "title=\"{}\">{}</th>",
      numeric ? "number" : "text", low_first ? "ascending" : "descending",
      sorted, escape_html(meaning), escape_html(title));
}

std::string board_head() {
  std::string html =
      "<thead><tr>" + head_cell("Experiment",
                                "Rank by accuracy, name, model and number of "
                                "seeds. leaky n %: so many of the test images "
                                "also stand in training.",
                                false, true, "");
  for (const PageColumn& column : page_columns())
    html += head_cell(
        column.title, column.meaning, column.numeric, column.best_first_is_low,
        column.title == "Accuracy" ? " aria-sort=\"descending\"" : "");
  return html + "</tr></thead>\n";
}

std::string board_row(const BoardRow& row, const BoardTable& table,
                      size_t rank) {
  // What the text filter looks through.
  const std::string words = row.experiment + " " + row.model + " " +
                            row.dataset + " " + row.protocol + " " +
                            row.hardware + " " + row.commit;
  std::string html = fmt::format(
      "<tr data-words=\"{}\" data-group=\"{}\"{}><th scope=\"row\" "
      "data-key=\"{}\">{}</th>",
      escape_html(words), name_of(row.standing), row.leaky ? " data-leaky" : "",
      escape_html(row.experiment), row_heading(row, rank));
  for (const PageColumn& column : page_columns())
    html += fmt::format(
        "<td data-key=\"{}\"{}>{}</td>", escape_html(column.key(row)),
        column.numeric ? "" : " class=\"words\"", column.html(row, table));
  return html + "</tr>\n";
}

std::string board_table(const BoardTable& table) {
  std::string html = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{}\"><table class=\"board sortable\">\n",
      escape_html(table.title()));
  html += board_head() + "<tbody>\n";
  for (size_t i = 0; i < table.rows.size(); ++i)
    html += board_row(table.rows[i], table, i + 1);
  return html +
         "</tbody></table></div>\n<p class=\"empty\" hidden>No row fits "
         "the filter.</p>\n";
}

std::vector<std::string> classes_of(const BoardTable& table) {
  std::vector<std::string> names;
  for (const BoardRow& row : table.rows)
    for (const auto& [name, f1] : row.class_f1)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

std::string class_cell(const BoardRow& row, const std::string& name) {
  const auto found = std::ranges::find(row.class_f1, name,
                                       &std::pair<std::string, double>::first);
  if (found == row.class_f1.end()) return "<td data-key=\"\">\u2013</td>";
  return fmt::format("<td data-key=\"{0}\" style=\"--share: {0:.3f}\">{1}</td>",
                     found->second, format_share(found->second));
}

// F1 by class, folded: seven more columns would bury the others.
std::string class_table(const BoardTable& table) {
  const std::vector<std::string> names = classes_of(table);
  if (names.empty()) return "";
  std::string html =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"F1 by "
      "class\"><table class=\"classes sortable\"><thead><tr>" +
      head_cell("Experiment", "Name of the experiment.", false, true, "");
  for (const std::string& name : names)
    html += head_cell(name, "F1 of this class, mean over the seeds.", true,
                      false, "");
  html += "</tr></thead><tbody>\n";
  for (const BoardRow& row : table.rows) {
    html += fmt::format("<tr><th scope=\"row\" data-key=\"{0}\">{0}</th>",
                        escape_html(row.experiment));
    for (const std::string& name : names) html += class_cell(row, name);
    html += "</tr>\n";
  }
  return folded("F1 by class", html + "</tbody></table></div>\n");
}

std::string leak_warning(const BoardTable& table) {
  double share = 0;
  bool leaky = false;
  for (const BoardRow& row : table.rows) {
    leaky |= row.leaky;
    share = std::max(share, row.leaky_share.value_or(0));
  }
  if (!leaky) return "";
  return fmt::format(
      "<p class=\"warning\">Leaky: {} of the test images also stand in "
      "training. A network that remembers them looks better here than it is; "
      "compare with a table without a leak.</p>\n",
      share > 0 ? "up to " + format_percent(share) : "some");
}

std::string section(const BoardTable& table) {
  return fmt::format(
      "<section id=\"{}\" data-protocol=\"{}\">\n<h2>{} <small>{}, "
      "{}</small></h2>\n<p class=\"verdict\">{}</p>\n{}{}{}</section>\n",
      escape_html(table.id()), escape_html(table.protocol),
      escape_html(table.protocol), escape_html(table.dataset),
      escape_html(table_note(table)), escape_html(verdict(table)),
      leak_warning(table), board_table(table), class_table(table));
}

// Hidden until the script that serves it runs.
std::string controls(const std::vector<BoardTable>& tables) {
  std::set<std::string> protocols;
  for (const BoardTable& table : tables) protocols.insert(table.protocol);
  std::string options = "<option value=\"\">all</option>";
  for (const std::string& protocol : protocols)
    options += fmt::format("<option>{}</option>", escape_html(protocol));
  return fmt::format(
      "<form id=\"controls\" hidden>\n<label>Filter <input type=\"search\" "
      "name=\"words\" placeholder=\"name, model, hardware\"></label>\n"
      "<label>Protocol <select name=\"protocol\">{}</select></label>\n"
      "<label class=\"tick\"><input type=\"checkbox\" name=\"clean\"> without "
      "leak</label>\n<label class=\"tick\"><input type=\"checkbox\" "
      "name=\"top\"> best and tied only</label>\n<output role=\"status\">"
      "</output>\n</form>\n",
      options);
}

std::string explanations() {
  std::string html =
      "<section id=\"reading\">\n<h2>How to read it</h2>\n<p>Rows of different "
      "protocols, data sets or test images are never ranked together. A test "
      "set is sealed: each look at it is counted. Click a heading to sort by "
      "its column.</p>\n<dl>\n<dt>leaky n %</dt><dd>So many of the test "
      "images, or copies of them, also stand in training.</dd>\n";
  for (const PageColumn& column : page_columns())
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(column.title),
                        escape_html(column.meaning));
  return html + "</dl>\n</section>\n";
}

std::string header(const std::vector<BoardTable>& tables) {
  std::set<std::string> experiments;
  size_t runs = 0;
  for (const BoardTable& table : tables) {
    for (const BoardRow& row : table.rows) {
      experiments.insert(row.experiment);
      runs += row.seeds.size();
    }
  }
  return fmt::format(
      "<header>\n<p class=\"kicker\">ferbench</p>\n<h1>Leaderboard</h1>\n"
      "<p>{} experiment{}, {} run{}, {} table{}</p>\n</header>\n",
      experiments.size(), experiments.size() == 1 ? "" : "s", runs,
      runs == 1 ? "" : "s", tables.size(), tables.size() == 1 ? "" : "s");
}

std::string navigation(const std::vector<BoardTable>& tables) {
  std::string html = "<nav aria-label=\"Tables\">";
  for (const BoardTable& table : tables)
    html += fmt::format("<a href=\"#{}\">{}</a>", escape_html(table.id()),
                        escape_html(table.title()));
  return html + "<a href=\"#reading\">How to read it</a></nav>\n";
}

}  // namespace

std::string board_page(const std::vector<BoardTable>& tables) {
  std::string body = header(tables) + navigation(tables) + "<main>\n";
  if (!tables.empty()) body += controls(tables);
  for (const BoardTable& table : tables) body += section(table);
  if (tables.empty())
    body += missing_html(
        "No runs yet. Add one: ferbench leaderboard RUN_DIR --add");
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<title>ferbench leaderboard</title>\n<style>\n{}{}</style>\n"
      "</head>\n<body>\n{}{}</main>\n<footer>Made by ferbench from the run "
      "folders alone. Full precision and further columns: leaderboard.csv; one "
      "row per run: runs.csv; each look at a test set: ledger.csv.</footer>\n"
      "<script>\n{}</script>\n</body>\n</html>\n",
      kPageStyle, kBoardStyle, body, explanations(), kBoardScript);
}

}  // namespace fer
