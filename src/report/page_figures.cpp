// Figures and sample predictions.
#include <fmt/core.h>

#include <algorithm>

#include "core/file.h"
#include "report/figures.h"
#include "report/format.h"
#include "report/page.h"
#include "report/plot_style.h"
#include "report/scores.h"

namespace fer {
namespace {

// Shown by calibration_section, not among the others.
constexpr const char* kOwnSection = "calibration";

// Nothing but base64 may reach a data URI.
bool is_base64(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
  });
}

std::string figure_html(const Figure& figure, const std::string& svg) {
  return fmt::format(
      "<figure role=\"img\" aria-label=\"{0}\">\n{1}<figcaption>{0}"
      "</figcaption></figure>\n",
      escape_html(figure.caption), svg_for_page(svg, figure.name));
}

std::string sample_html(const Json& sample) {
  const std::string label = text(sample, "label");
  const std::string predicted = text(sample, "predicted");
  const std::string png = text(sample, "png");
  const bool right = label == predicted;
  const auto probability = number(sample, "probability");
  const std::string image =
      is_base64(png)
          ? fmt::format("<img alt=\"{} {}\" src=\"data:image/png;base64,{}\">",
                        escape_html(label), escape_html(text(sample, "id")),
                        png)
          : "";
  return fmt::format(
      "<figure class=\"sample {}\" title=\"{}\">{}<figcaption><i>{}</i> "
      "{}{}</figcaption></figure>\n",
      right ? "right" : "wrong", escape_html(text(sample, "id")), image,
      right ? "&#10003;" : "&#10007;",
      right ? escape_html(predicted)
            : fmt::format("{}, is {}", escape_html(predicted),
                          escape_html(label)),
      probability ? fmt::format("<br>p = {:.3f}", *probability) : "");
}

}  // namespace

std::string figures_of_group(const RunFiles& run, const std::string& group) {
  std::string html;
  for (const Figure& figure : list_figures(run)) {
    const auto path = run.path / "figures" / (figure.name + ".svg");
    if (figure.group == group && std::filesystem::exists(path))
      html += figure_html(figure, read_file(path));
  }
  return html;
}

PageSection figures_section(const RunFiles& run) {
  PageSection section{"figures", "Figures", ""};
  std::vector<std::pair<std::string, std::string>> groups;
  for (const Figure& figure : list_figures(run)) {
    const auto path = run.path / "figures" / (figure.name + ".svg");
    if (figure.group == kOwnSection || !std::filesystem::exists(path)) continue;
    if (groups.empty() || groups.back().first != figure.group)
      groups.emplace_back(figure.group, "");
    groups.back().second += figure_html(figure, read_file(path));
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto& [name, html] = groups[i];
    const std::string grid = "<div class=\"figures\">\n" + html + "</div>\n";
    // The first split is what the page is about; others unfold.
    section.html +=
        i < 2 ? fmt::format("<h3>{}</h3>\n{}", escape_html(capital(name)), grid)
              : folded("Figures of " + name, grid);
  }
  section.html +=
      groups.empty()
          ? missing_html(
                "No figures: they need history.csv or predictions, and "
                "gnuplot. `ferbench report` on this folder draws them.")
          : "<p class=\"note\">The same as SVG and PNG files in the folder "
            "figures.</p>\n";
  return section;
}

PageSection samples_section(const RunFiles& run) {
  PageSection section{"samples", "Sample predictions", ""};
  std::vector<std::string> names;
  for (const auto& [name, samples] : run.samples) names.push_back(name);
  for (const std::string& split : split_order(names)) {
    const Json& samples = run.samples.at(split);
    if (!samples.is_array() || samples.empty()) continue;
    section.html += fmt::format(
        "<h3>{}</h3>\n<p class=\"note\">What the model said; where it was "
        "wrong, what the picture is; and the probability of its "
        "answer.</p>\n<div class=\"samples\">\n",
        escape_html(capital(split)));
    for (const Json& sample : samples) section.html += sample_html(sample);
    section.html += "</div>\n";
  }
  if (section.html.empty())
    section.html = missing_html(
        "No samples-<split>.json: `ferbench evaluate` on this folder writes "
        "them (report.samples > 0).");
  return section;
}

}  // namespace fer
