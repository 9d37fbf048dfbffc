// The leaderboard as data: one row per experiment, protocol and test set, over
// its seeds. Rows are ranked inside a table only, and a table holds one
// protocol and one test set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leaderboard/ledger.h"
#include "leaderboard/run_score.h"
#include "metrics/proportion.h"

namespace fer {

/// A score that rows can be ranked by.
struct BoardMetric {
  std::string key;    ///< as in metrics.json and --metric: "macro_f1"
  std::string title;  ///< "Macro F1"
  bool higher = true;
};
const std::vector<BoardMetric>& board_metrics();

/// DataError with the nearest name and the list for an unknown key.
const BoardMetric& board_metric(std::string_view key);

/// How a row stands to the best one of its table in accuracy.
enum class Standing { kBest, kTied, kBehind };
const char* name_of(Standing standing);  ///< "best", "tied", "behind"

struct MetricSummary {
  std::optional<double> mean;  ///< nothing where a seed's is undefined
  std::optional<double> std;   ///< divided by n - 1; nothing for one seed
};

struct BoardRow {
  std::string experiment, model, dataset, protocol, test_set;
  bool leaky = false;
  std::optional<double> leaky_share;
  int64_t n = 0;  ///< test rows
  std::vector<int64_t> seeds;
  std::vector<MetricSummary> metrics;  ///< in the order of board_metrics()
  Interval accuracy_interval;          ///< accuracy_interval() in standing.h
  std::vector<std::pair<std::string, double>> class_f1;  ///< mean over seeds
  std::optional<double> parameters, flops;
  std::optional<double> train_seconds, images_per_second;  ///< means
  std::optional<double> onnx_bytes;  ///< the smallest that a seed has
  std::string hardware, commit;      ///< different ones joined by "; "
  int64_t test_looks = 0;
  Standing standing = Standing::kBest;
  double difference = 0;  ///< accuracy minus that of the best row, <= 0
  double p = 1;           ///< of that difference, Holm over the table

  const MetricSummary& metric(std::string_view key) const;
};

/// Rows that may be ranked together, best first.
struct BoardTable {
  std::string protocol, dataset, test_set;
  int64_t n = 0;
  /// Another table has the same protocol and data set, but other test images.
  bool same_name = false;
  std::vector<BoardRow> rows;

  std::string title() const;  ///< "clean: fer2013 (happy, sad)"
  std::string id() const;     ///< for links, unique on a page
};

/// Runs to rows, in the order experiment, protocol, dataset, test set. Looks
/// are the ledger's, and at least one per seed.
std::vector<BoardRow> make_board(std::span<const RunScore> runs,
                                 std::span<const Look> ledger);

/// Rows as tables, ranked by `metric`; rows without it stand last. Tables
/// without a leak come first, then by protocol and data set.
std::vector<BoardTable> rank_board(std::vector<BoardRow> rows,
                                   const BoardMetric& metric);

}  // namespace fer
