// How sure the accuracies of a table are, and who can be told from the best.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "leaderboard/board.h"
#include "leaderboard/run_score.h"

namespace fer {

/// Resamples of every bootstrap of the board, and their seed.
inline constexpr int kBoardResamples = 10'000;
inline constexpr uint64_t kBoardSeed = 20'130'000;

/// The runs of one row: seeds of one experiment on one test set.
using SeedRuns = std::vector<const RunScore*>;

/// For each test row, in the order of `reference`, the share of seeds that had
/// it right; 0 or 1 for one seed.
std::vector<double> share_right(const Predictions& reference,
                                const SeedRuns& runs);

/// 95 % interval of the mean accuracy. Two doubts are added as squares: other
/// test images (bootstrap, BCa, of share_right with rows of one `groups` number
/// drawn together) and, from two seeds on, other seeds (t-interval of the
/// seeds' accuracies):
///   low = mean - sqrt((mean - boot.low)^2 + (t(n - 1) s / sqrt(n))^2)
/// and high alike, kept in [0, 1]. Where no resample differs (all right or all
/// wrong) Wilson's interval of as many images as there are groups takes the
/// bootstrap's place.
Interval accuracy_interval(std::span<const double> right,
                           std::span<const double> seed_accuracies,
                           std::span<const int64_t> groups);

/// How far the accuracies of one row's seeds lie apart, from all rows of a
/// table: sum of squares from the rows' means / freedom, which counts the seeds
/// beyond the first of each row. As in an analysis of variance, rows are taken
/// to spread alike. 0 and 0 where no row has two seeds.
struct SeedSpread {
  double variance = 0, freedom = 0;
};
SeedSpread table_spread(std::span<const std::vector<double>> accuracies);

/// p of a difference between two means over seeds, two-sided, with the doubt
/// from other test images beside that from other seeds: Welch's t
///   t = difference / sqrt(e^2 + s_a^2 / n_a + s_b^2 / n_b)
/// with the degrees of freedom of Welch and Satterthwaite, where e, the
/// bootstrap's standard error, counts as known: `compare` does the same. Where
/// a row has one seed the table's spread and freedom take the place of both
/// rows' own. 0 where no seed differs: then nothing is known of their spread.
double seeds_p(double difference, double image_error, std::span<const double> a,
               std::span<const double> b, const SeedSpread& table);

/// Sets standing, difference, p and accuracy_interval of the rows of one table;
/// runs[i] are those of rows[i]. Each row is compared with the one of highest
/// accuracy (the first of equals): p is the larger of that of a paired
/// bootstrap of share_right, which takes the networks as given, and seeds_p;
/// Holm over the table; tied: p >= 0.05.
void set_standings(std::span<BoardRow* const> rows,
                   std::span<const SeedRuns> runs);

}  // namespace fer
