// Tables, figures and pages of a run, made from its folder alone.
#pragma once

#include <filesystem>
#include <string>

#include "core/json.h"

namespace fer {

/// Draws figures/*.svg and *.png (gnuplot) and writes report.html from
/// config.yaml, environment.json, audit.json, history.csv, predictions-*.csv,
/// metrics.json and samples-*.json of `run_dir`. Parts whose input is missing
/// are left out and named in the page. Throws DataError when the folder is no
/// run.
void write_report(const std::filesystem::path& run_dir, bool figures = true,
                  bool html = true);

}  // namespace fer
