#include "report/page.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "core/terminal.h"
#include "report/format.h"
#include "report/scores.h"

namespace fer {
namespace {

std::string interval_text(const Json& scores, const std::string& key) {
  const std::string name = key + "_interval";
  if (!scores.contains(name) || !scores[name].is_array() ||
      scores[name].size() != 2 || !scores[name][0].is_number() ||
      !scores[name][1].is_number())
    return {};
  return fmt::format(" [{:.1f}, {:.1f}]", 100 * scores[name][0].get<double>(),
                     100 * scores[name][1].get<double>());
}

std::string card(std::string_view value, std::string_view what) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n",
                     escape_html(value), escape_html(what));
}

std::string score_cards(const RunFiles& run) {
  const auto splits = run.scored_splits();
  if (splits.empty()) return {};
  const std::string& split = splits[0];
  const Json& scores = run.metrics[split];
  std::string cards;
  if (const auto value = number(scores, "accuracy"))
    cards += card(format_percent(*value),
                  split + " accuracy" + interval_text(scores, "accuracy"));
  if (const auto value = number(scores, "macro_f1"))
    cards += card(format_share(*value), split + " macro F1");
  if (const auto value = number(scores, "auc"))
    cards += card(format_share(*value), split + " ROC AUC");
  return cards;
}

std::string training_cards(const RunFiles& run) {
  std::string cards;
  if (const auto best = best_epoch(run))
    cards += card(fmt::format("{}", best->epoch),
                  fmt::format("best epoch of {}", run.history->rows.size()));
  double total = 0;
  for (const double value : run.history_column("seconds"))
    total += value == value ? value : 0;
  if (total > 0) cards += card(format_duration(total), "training time");
  return cards;
}

}  // namespace

std::string leak_badge(const RunFiles& run) {
  const Json& metrics = run.metrics;
  if (!metrics.is_object() || !metrics.contains("leaky") ||
      metrics["leaky"] != Json(true))
    return {};
  const auto share = number(metrics, "leaky_share");
  return share ? "leaky " + format_percent(*share) : "leaky";
}

std::string verdict(const RunFiles& run) {
  const auto splits = run.scored_splits();
  if (splits.empty()) return "No scores yet: metrics.json is missing.";
  const Json& scores = run.metrics[splits[0]];
  std::string sentence =
      fmt::format("{} accuracy {}{}", capital(splits[0]),
                  format_percent(number(scores, "accuracy").value_or(0)),
                  interval_text(scores, "accuracy"));
  if (const auto n = number(scores, "n"))
    sentence += ", n = " + format_count(*n);
  const std::string protocol = text(run.metrics, "protocol");
  if (!protocol.empty()) sentence += ", protocol " + protocol;
  return sentence;
}

std::string header_html(const RunFiles& run) {
  const std::string badge = leak_badge(run);
  std::string html = fmt::format(
      "<p class=\"kicker\">ferbench run</p>\n<h1>{}</h1>\n<p "
      "class=\"verdict\">{}{}</p>\n",
      escape_html(run.title), escape_html(verdict(run)),
      badge.empty()
          ? ""
          : fmt::format(" <span class=\"badge\">&#9888; {}</span>", badge));
  if (!badge.empty()) {
    const auto share = number(run.metrics, "leaky_share");
    html += fmt::format(
        "<p class=\"warning\">{} of the test images stand in the training "
        "images too, so these scores flatter the model. Compare it only with "
        "runs of the same protocol.</p>\n",
        share ? format_percent(*share) : "Some");
  }
  return html + "<div class=\"cards\">\n" + score_cards(run) +
         training_cards(run) + "</div>\n";
}

std::string report_html(const RunFiles& run) {
  return page_html(
      run.title + " - ferbench", header_html(run),
      {scores_section(run), figures_section(run), calibration_section(run),
       samples_section(run), training_section(run), data_section(run),
       reproduce_section(run), environment_section(run)});
}

}  // namespace fer
