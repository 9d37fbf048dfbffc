// Small pieces of HTML. Everything that came from a file goes through
// escape_html on its way into the page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fer {

/// & < > " ' as entities, control characters as spaces.
std::string escape_html(std::string_view text);

/// A table of plain text: `head`, then `rows`, whose first cell is the row's
/// heading. Cells are escaped here.
struct HtmlTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::string caption;

  std::string html() const;
};

/// A section with a heading that the page's navigation points to.
struct PageSection {
  std::string id;
  std::string title;
  std::string html;
};

/// "<p class=missing>": what is not there, and how to get it.
std::string missing_html(std::string_view what);

/// A folded part; `summary` is plain text, `html` is not.
std::string folded(std::string_view summary, std::string_view html,
                   bool open = false);

/// The last line of a page about one run.
inline constexpr std::string_view kRunFooter =
    "Made by ferbench from the run folder alone. Percentages are rounded to "
    "one "
    "decimal, other scores to four; full precision is in metrics.json and the "
    "predictions files.";

/// The whole page around its sections: head, style, title bar, navigation.
std::string page_html(std::string_view title, std::string_view header,
                      const std::vector<PageSection>& sections,
                      std::string_view footer = kRunFooter);

/// Inline style sheet, light and dark (page_style.cpp).
extern const std::string_view kPageStyle;

}  // namespace fer
