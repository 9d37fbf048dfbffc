#include "compare/words.h"

#include <fmt/core.h>

#include <cmath>

#include "report/format.h"

namespace fer {
namespace {

const CompareMetric& chosen(const Comparison& comparison) {
  return compare_metric(comparison.metric);
}

std::vector<std::string> difference_cells(const std::string& what, bool share,
                                          const Difference& d) {
  return {what,
          value_words(share, d.a),
          value_words(share, d.b),
          difference_words(share, d.difference),
          interval_words(share, d.interval),
          p_cell(d.p),
          name_of(d.test)};
}

std::vector<std::string> difference_head(const Comparison& comparison,
                                         const PairDetails& pair,
                                         const std::string& what) {
  return {what,
          marked_name(comparison.entry(pair.a)),
          marked_name(comparison.entry(pair.b)),
          "difference",
          "95 % interval",
          "p",
          "test"};
}

std::string verdict_of(const Comparison& comparison, const PairTest& pair) {
  if (!comparison.lineup.ranked) return "not ranked";
  return pair.distinguishable ? "better" : "cannot be told apart";
}

}  // namespace

std::string p_cell(double p) {
  if (p < 0.001) return "< 0.001";
  // "0.050" would leave open on which side of the limit it lies.
  if (std::abs(p - kAlpha) < 0.0005) return fmt::format("{:.4f}", p);
  if (p > 0.9995) return "1";
  return fmt::format("{:.3f}", p);
}

std::string p_words(double p) {
  return p < 0.001 ? "p < 0.001" : "p = " + p_cell(p);
}

std::string value_words(bool share, double value) {
  if (!std::isfinite(value)) return "-";
  return share ? format_percent(value) : format_share(value);
}

std::string difference_words(bool share, double difference) {
  return share ? fmt::format("{:+.1f} points", 100 * difference)
               : fmt::format("{:+.4f}", difference);
}

std::string interval_words(bool share, const Interval& interval) {
  if (!std::isfinite(interval.low)) return "";
  return share ? fmt::format("[{:.1f}, {:.1f}]", 100 * interval.low,
                             100 * interval.high)
               : fmt::format("[{:.4f}, {:.4f}]", interval.low, interval.high);
}

std::string count_words(const Lineup& lineup) {
  const std::string rows = format_count(static_cast<double>(lineup.rows()));
  if (lineup.independent()) return "n = " + rows;
  return fmt::format("n = {} rows of {} different images", rows,
                     format_count(static_cast<double>(lineup.units)));
}

std::string test_words(const Lineup& lineup, DifferenceTest test) {
  std::string words = name_of(test);
  const bool drawn = test == DifferenceTest::kBootstrap ||
                     test == DifferenceTest::kBootstrapSeeds;
  if (drawn && !lineup.independent()) words += ", copies drawn together";
  return words;
}

TableRows score_table(const Comparison& comparison) {
  const CompareMetric& metric = chosen(comparison);
  TableRows rows = {{"run", "protocol", "seeds", std::string(metric.title),
                     "95 % interval", "std over seeds"}};
  for (const size_t i : comparison.order) {
    const EntryScore& score = comparison.scores[i];
    const CompareEntry& entry = comparison.entry(i);
    rows.push_back({marked_name(entry), entry.protocol,
                    fmt::format("{}", entry.seeds()),
                    value_words(metric.share, score.value),
                    interval_words(metric.share, score.interval),
                    value_words(metric.share, score.seeds.std)});
  }
  return rows;
}

TableRows pair_table(const Comparison& comparison) {
  const CompareMetric& metric = chosen(comparison);
  TableRows rows = {{"first", "second", "difference", "95 % interval", "p",
                     "Holm's p", "the first is"}};
  for (const PairTest& pair : comparison.pairs)
    rows.push_back({marked_name(comparison.entry(pair.a)),
                    marked_name(comparison.entry(pair.b)),
                    difference_words(metric.share, pair.difference.difference),
                    interval_words(metric.share, pair.difference.interval),
                    p_cell(pair.difference.p), p_cell(pair.holm_p),
                    verdict_of(comparison, pair)});
  return rows;
}

TableRows metric_table(const Comparison& comparison, const PairDetails& pair) {
  TableRows rows = {difference_head(comparison, pair, "score")};
  for (const Difference& d : pair.metrics) {
    const CompareMetric& metric = compare_metric(d.what);
    rows.push_back(
        difference_cells(std::string(metric.title), metric.share, d));
  }
  return rows;
}

TableRows recall_table(const Comparison& comparison, const PairDetails& pair) {
  TableRows rows = {difference_head(comparison, pair, "recall of")};
  for (const Difference& d : pair.recalls)
    rows.push_back(difference_cells(d.what, true, d));
  return rows;
}

std::string mcnemar_words(const Comparison& comparison,
                          const PairDetails& pair) {
  if (!pair.mcnemar) return {};
  const McNemar& test = *pair.mcnemar;
  const auto count = [](int64_t n) {
    return format_count(static_cast<double>(n));
  };
  std::string words = fmt::format(
      "Rows: both right {}, only {} {}, only {} {}, both wrong {}; exact "
      "McNemar {}, mid-p {}",
      count(pair.both_right), marked_name(comparison.entry(pair.a)),
      count(test.only_a), marked_name(comparison.entry(pair.b)),
      count(test.only_b), count(pair.both_wrong), p_words(test.exact_p),
      p_words(test.mid_p));
  if (!comparison.lineup.independent())
    words +=
        " (McNemar takes each row as a picture of its own; copies make it "
        "surer than it may be)";
  return words + ".";
}

std::string variance_words(const Comparison& comparison, size_t entry) {
  const auto& variance = comparison.scores[entry].variance;
  if (!variance) return {};
  const CompareMetric& metric = chosen(comparison);
  const auto moved = [&](double deviation) {
    return metric.share ? fmt::format("{:.1f} points", 100 * deviation)
                        : fmt::format("{:.4f}", deviation);
  };
  return fmt::format(
      "{}: another seed moves the {} of one run by {}, other images by {} "
      "(standard deviations).",
      marked_name(comparison.entry(entry)), metric.title,
      moved(variance->std_seed), moved(variance->std_sample));
}

}  // namespace fer
