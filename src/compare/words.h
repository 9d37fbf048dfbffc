// Numbers and names as sentences and tables say them, and the rows of the
// tables that terminal and page share (rows[0] is the head).
#pragma once

#include <string>
#include <vector>

#include "compare/comparison.h"

namespace fer {

using TableRows = std::vector<std::vector<std::string>>;

std::string p_words(double p);  ///< "p = 0.008", "p < 0.001", "p = 1"
std::string p_cell(double p);   ///< "0.008", "< 0.001", "1"

/// "94.6 %" for shares, "0.9433" for others, "-" for NaN.
std::string value_words(bool share, double value);
/// "+1.5 points", "-0.0123".
std::string difference_words(bool share, double difference);
/// "[0.4, 2.6]" in points, "[-0.0210, -0.0012]"; "" for NaN.
std::string interval_words(bool share, const Interval& interval);

/// "n = 1,474", or "n = 1,798 rows of 1,461 different images".
std::string count_words(const Lineup& lineup);

/// "exact McNemar", "paired bootstrap, copies drawn together".
std::string test_words(const Lineup& lineup, DifferenceTest test);

/// One line per entry, best first: protocol, seeds, score, interval, std.
TableRows score_table(const Comparison& comparison);
/// One line per pair: difference, interval, p, Holm's p, verdict.
TableRows pair_table(const Comparison& comparison);
/// One line per metric of two entries.
TableRows metric_table(const Comparison& comparison, const PairDetails& pair);
/// One line per class: recall.
TableRows recall_table(const Comparison& comparison, const PairDetails& pair);

/// "both right 1,650, only fernet 37, only vit 28, both wrong 83; exact
/// McNemar p = 0.3, mid-p p = 0.28"; "" for several seeds.
std::string mcnemar_words(const Comparison& comparison,
                          const PairDetails& pair);

/// "fernet: another seed moves accuracy by 0.4 points, other images by 0.6
/// points (standard deviations of one run)."; "" for one seed.
std::string variance_words(const Comparison& comparison, size_t entry);

}  // namespace fer
