#include "cli/results.h"

#include <fmt/core.h>

#include "metrics/tables.h"

namespace fer {

std::string results_text(const Json& metrics) {
  std::string text;
  std::vector<std::pair<std::string, Json>> rows;
  for (const char* split : {"train", "val", "test"}) {
    if (!metrics.contains(split)) continue;
    rows.emplace_back(split, metrics.at(split));
    text += fmt::format("\n{} split, {} images\n\n{}\n{}", split,
                        metrics.at(split).at("n").get<int64_t>(),
                        classification_table(metrics.at(split)),
                        confusion_table(metrics.at(split)));
  }
  if (rows.empty()) return text;
  text += "\n" + report_table(rows);
  text += fmt::format("\nprotocol: {}", metrics.value("protocol", "unknown"));
  if (metrics.value("leaky", false)) {
    text += fmt::format(
        "; leaky: {:.1f} % of the test images have a copy or near twin in "
        "training",
        100 * metrics.value("leaky_share", 0.0));
  }
  return text + "\n";
}

}  // namespace fer
