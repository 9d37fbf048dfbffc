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

/// DataError when gnuplot is missing: to be asked before hours of training.
void require_figures();

}  // namespace fer
