// The sections of report.html, each made from the run folder alone. A section
// whose input is missing says so instead.
#pragma once

#include <string>

#include "report/html.h"
#include "report/run_folder.h"

namespace fer {

/// One sentence: "Test accuracy 94.3 % [93.1, 95.3], n = 1,798, protocol
/// report". Plain text; says so when there are no scores.
std::string verdict(const RunFolder& run);

/// "leaky 71 %", or "" for a run whose audit found no leak.
std::string leak_badge(const RunFolder& run);

std::string header_html(const RunFolder& run);  ///< title, verdict, cards
Section scores_section(const RunFolder& run);
Section figures_section(const RunFolder& run);
Section samples_section(const RunFolder& run);
Section training_section(const RunFolder& run);
Section data_section(const RunFolder& run);
Section reproduce_section(const RunFolder& run);
Section environment_section(const RunFolder& run);

/// report.html: one file, no scripts, nothing fetched.
std::string report_html(const RunFolder& run);

}  // namespace fer
