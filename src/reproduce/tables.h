// The reproduction as text: cells in words, the terminal's tables and
// reproduction.md. page.h makes the HTML.
#pragma once

#include <string>
#include <vector>

#include "reproduce/reproduction.h"

namespace fer {

/// "validation accuracy", "recall of sad" where there are more than two
/// classes, "loss".
std::string score_words(const Published& published, const PublishedClaim& claim,
                        const std::string& metric);

/// "0.9455 ± 0.0031 [0.931, 0.958], n = 3"; in percent where the source prints
/// percent; "not run".
std::string measured_text(const PrintedNumber& printed,
                          const std::optional<Measured>& measured);

/// "not reproduced, higher here": which way a cell misses.
std::string verdict_words(const Cell& cell);

/// Cells of all sources, or of those claims that stand in one table, by
/// verdict: "2 reproduced, 6 explained by the leak".
struct VerdictCounts {
  int reproduced = 0, not_reproduced = 0, explained = 0, not_run = 0;
  int impossible = 0;  ///< claims that fail the arithmetic check

  void add(const ClaimResult& claim);
  std::string text() const;
};
VerdictCounts count_verdicts(const SourceResult& source);

/// Claims of one table, in the order of the file.
std::vector<const ClaimResult*> claims_of(const SourceResult& source,
                                          const std::string& table);

/// For the terminal: one table per published table that has runs, then a line
/// per source, then the commands.
std::string reproduction_text(const Reproduction& reproduction);

/// results/reproduction.md, complete.
std::string reproduction_markdown(const Reproduction& reproduction);

}  // namespace fer
