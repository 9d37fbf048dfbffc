// The sections of report.html, each made from the run folder alone. A section
// whose input is missing says so instead.
#pragma once

#include <string>

#include "report/html.h"
#include "report/run_files.h"

namespace fer {

/// One sentence: "Test accuracy 94.3 % [93.1, 95.3], n = 1,798, protocol
/// report". Plain text; says so when there are no scores.
std::string verdict(const RunFiles& run);

/// "leaky 71 %", or "" for a run whose audit found no leak.
std::string leak_badge(const RunFiles& run);

std::string header_html(const RunFiles& run);  ///< title, verdict, cards
PageSection scores_section(const RunFiles& run);
PageSection figures_section(const RunFiles& run);
PageSection calibration_section(const RunFiles& run);
PageSection samples_section(const RunFiles& run);
PageSection training_section(const RunFiles& run);
PageSection data_section(const RunFiles& run);
PageSection reproduce_section(const RunFiles& run);
PageSection environment_section(const RunFiles& run);

/// The drawn figures of one group (figures.h), or "" when there are none.
std::string figures_of_group(const RunFiles& run, const std::string& group);

/// report.html: one file, no scripts, nothing fetched.
std::string report_html(const RunFiles& run);

}  // namespace fer
