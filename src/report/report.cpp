#include "report/report.h"

#include "core/file.h"
#include "report/figures.h"
#include "report/gnuplot.h"
#include "report/page.h"
#include "report/run_files.h"

namespace fer {

void write_report(const std::filesystem::path& run_dir, bool figures,
                  bool html) {
  const RunFiles run = read_run_files(run_dir);
  if (figures) draw_figures(run);
  if (html) write_file(run_dir / "report.html", report_html(run));
}

void require_figures() { Gnuplot{}; }

}  // namespace fer
