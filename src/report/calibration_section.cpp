#include <fmt/core.h>

#include <cmath>

#include "report/calibration.h"
#include "report/format.h"
#include "report/page.h"

namespace fer {
namespace {

// "On test the model is 97.1 % sure on average and right in 94.9 %: ..."
std::string sentence(const Calibration& calibration) {
  const Reliability& measured = calibration.before.width;
  const double excess = measured.confidence - measured.accuracy;
  const char* verdict = std::abs(excess) < 0.005
                            ? "on the whole as confident as it is right"
                        : excess > 0 ? "too sure of itself"
                                     : "too modest";
  return fmt::format(
      "On {} the model gives its answers a probability of {} on average and is "
      "right in {}: it "
      "is {}.",
      calibration.split, format_percent(measured.confidence),
      format_percent(measured.accuracy), verdict);
}

std::string temperature_sentence(const TemperatureFit& fit) {
  if (fit.at_limit)
    return fmt::format(
        "The temperature that fits the validation images best stands at the "
        "limit of the search ({:.4g}): do not trust it.",
        fit.temperature);
  return fmt::format(
      "Temperature {:.3f}, fitted on the validation images, makes the "
      "probabilities {}; the answers stay the same.",
      fit.temperature, fit.temperature > 1 ? "softer" : "sharper");
}

std::string table(const Calibration& calibration) {
  HtmlTable table;
  table.head = {"on " + calibration.split, "as trained"};
  if (calibration.after) table.head.push_back("scaled");
  const auto add = [&](const std::string& what, auto value, auto words) {
    std::vector<std::string> row = {what, words(value(calibration.before))};
    if (calibration.after) row.push_back(words(value(*calibration.after)));
    table.rows.push_back(std::move(row));
  };
  using Scores = CalibrationScores;
  add(
      "ECE, equal width",
      [](const Scores& s) { return s.width.expected_error; }, format_share);
  add(
      "ECE, equal mass", [](const Scores& s) { return s.mass.expected_error; },
      format_share);
  add(
      "Largest of a bin, equal mass",
      [](const Scores& s) { return s.mass.maximum_error; }, format_share);
  add(
      "Log loss", [](const Scores& s) { return s.log_loss; }, format_share);
  add(
      "Mean confidence", [](const Scores& s) { return s.width.confidence; },
      format_percent);
  add(
      "Accuracy", [](const Scores& s) { return s.width.accuracy; },
      format_percent);
  return table.html();
}

std::string temperature_html(const Calibration& calibration) {
  if (calibration.fit)
    return fmt::format("<p>{}</p>\n",
                       escape_html(temperature_sentence(*calibration.fit)));
  return missing_html(
      calibration.split == "val"
          ? "No temperature: it is fitted on the validation images, and there "
            "are no predictions of other images to judge it on."
          : "No temperature: it is fitted on predictions-val.csv, which is "
            "missing or has other classes.");
}

}  // namespace

PageSection calibration_section(const RunFiles& run) {
  PageSection section{"calibration", "Calibration", ""};
  const auto calibration = measure_calibration(run);
  if (!calibration) {
    section.html = missing_html(
        "No predictions: `ferbench evaluate` on this folder writes them.");
    return section;
  }
  const std::string figure = figures_of_group(run, "calibration");
  const std::string text =
      fmt::format("<p>{}</p>\n", escape_html(sentence(*calibration))) +
      temperature_html(*calibration) + table(*calibration) +
      "<p class=\"note\">ECE, the expected calibration error: mean distance "
      "between confidence (the probability of the answer) and accuracy over 15 "
      "bins; 0 is perfect.</p>\n";
  section.html =
      figure.empty()
          ? text
          : fmt::format(
                "<div class=\"columns\"><div>{}</div><div>{}</div></div>\n",
                text, figure);
  return section;
}

}  // namespace fer
