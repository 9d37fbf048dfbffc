#include "report/html.h"

#include <fmt/core.h>

namespace fer {

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < ' ' && c != '\n' ? ' ' : c;
    }
  }
  return escaped;
}

std::string HtmlTable::html() const {
  std::string out = "<div class=\"scroll\"><table>";
  if (!caption.empty())
    out += fmt::format("<caption>{}</caption>", escape_html(caption));
  if (!head.empty()) {
    out += "<thead><tr>";
    for (const std::string& cell : head)
      out += fmt::format("<th scope=\"col\">{}</th>", escape_html(cell));
    out += "</tr></thead>";
  }
  out += "<tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string cell = escape_html(row[i]);
      out += i == 0 ? "<th scope=\"row\">" + cell + "</th>"
                    : "<td>" + cell + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string missing_html(std::string_view what) {
  return fmt::format("<p class=\"missing\">{}</p>\n", escape_html(what));
}

std::string folded(std::string_view summary, std::string_view html, bool open) {
  return fmt::format("<details{}><summary>{}</summary>\n{}</details>\n",
                     open ? " open" : "", escape_html(summary), html);
}

std::string page_html(std::string_view title, std::string_view header,
                      const std::vector<PageSection>& sections,
                      std::string_view footer) {
  std::string navigation, body;
  for (const PageSection& section : sections) {
    navigation += fmt::format("<a href=\"#{}\">{}</a>", section.id,
                              escape_html(section.title));
    body += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n",
                        section.id, escape_html(section.title), section.html);
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n"
      "<header>\n{}</header>\n<nav>{}</nav>\n<main>\n{}</main>\n"
      "<footer>{}</footer>\n</body>\n</html>\n",
      escape_html(title), kPageStyle, header, navigation, body,
      escape_html(footer));
}

}  // namespace fer
