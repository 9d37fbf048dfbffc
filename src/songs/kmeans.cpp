#include "songs/kmeans.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/error.h"

namespace fer {
namespace {

using Eigen::Index;
using Row = Eigen::RowVectorXd;

void check(const Points& points, Index clusters) {
  if (clusters < 1)
    fail<DataError>("[kmeans] expected at least 1 cluster; got {}.", clusters);
  if (points.cols() < 1 || points.rows() < clusters) {
    fail<DataError>(
        "[kmeans] expected at least {} points with a feature; got {} points "
        "with {}. Ask for fewer clusters.",
        clusters, points.rows(), points.cols());
  }
}

double mean_variance(const Points& points) {
  const Row mean = points.colwise().mean();
  return (points.rowwise() - mean).array().square().colwise().mean().mean();
}

int nearest_centre(const Points& centres, const double* point) {
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (Index k = 0; k < centres.rows(); ++k) {
    double distance = 0;
    for (Index j = 0; j < centres.cols(); ++j) {
      const double d = point[j] - centres(k, j);
      distance += d * d;
    }
    if (distance < least) {
      least = distance;
      best = static_cast<int>(k);
    }
  }
  return best;
}

void assign(const Points& points, const Points& centres,
            std::vector<int>& labels) {
  for (Index i = 0; i < points.rows(); ++i)
    labels[static_cast<size_t>(i)] =
        nearest_centre(centres, points.row(i).data());
}

double squared_distance(const Points& points, Index i, const Points& centres,
                        int label) {
  return (points.row(i) - centres.row(label)).squaredNorm();
}

// Points by distance from their centre, the farthest first.
std::vector<Index> farthest_first(const Points& points, const Points& centres,
                                  const std::vector<int>& labels) {
  std::vector<double> distances;
  for (Index i = 0; i < points.rows(); ++i)
    distances.push_back(
        squared_distance(points, i, centres, labels[static_cast<size_t>(i)]));
  std::vector<Index> order(distances.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(), [&](Index i) {
    return distances[static_cast<size_t>(i)];
  });
  if (!distances.empty() && distances[static_cast<size_t>(order[0])] == 0)
    order.clear();
  return order;
}

// Sums of the clusters' points, and how many they are.
struct Sums {
  Points total;
  std::vector<double> weight;
};

// Each empty cluster takes a far point from the cluster that has it.
void fill_empty(const Points& points, const Points& centres,
                const std::vector<int>& labels, Sums& sums) {
  if (std::ranges::find(sums.weight, 0.0) == sums.weight.end()) return;
  const std::vector<Index> far = farthest_first(points, centres, labels);
  size_t next = 0;
  for (size_t k = 0; k < sums.weight.size() && next < far.size(); ++k) {
    if (sums.weight[k] != 0) continue;
    const Index i = far[next++];
    const auto old = static_cast<size_t>(labels[static_cast<size_t>(i)]);
    sums.total.row(static_cast<Index>(old)) -= points.row(i);
    sums.total.row(static_cast<Index>(k)) = points.row(i);
    sums.weight[old] -= 1;
    sums.weight[k] = 1;
  }
}

Points mean_centres(const Points& points, const Points& centres,
                    const std::vector<int>& labels) {
  Sums sums{Points::Zero(centres.rows(), centres.cols()),
            std::vector<double>(static_cast<size_t>(centres.rows()), 0)};
  for (Index i = 0; i < points.rows(); ++i) {
    const int label = labels[static_cast<size_t>(i)];
    sums.total.row(label) += points.row(i);
    sums.weight[static_cast<size_t>(label)] += 1;
  }
  fill_empty(points, centres, labels, sums);
  Points means = centres;
  for (size_t k = 0; k < sums.weight.size(); ++k)
    if (sums.weight[k] > 0)
      means.row(static_cast<Index>(k)) =
          sums.total.row(static_cast<Index>(k)) / sums.weight[k];
  return means;
}

double inertia_of(const Points& points, const Points& centres,
                  const std::vector<int>& labels) {
  double sum = 0;
  for (Index i = 0; i < points.rows(); ++i)
    sum += squared_distance(points, i, centres, labels[static_cast<size_t>(i)]);
  return sum;
}

// Lloyd's loop on points whose mean is zero.
KMeans iterate(const Points& points, Points centres, double tolerance,
               int iterations) {
  const auto n = static_cast<size_t>(points.rows());
  KMeans fit;
  fit.labels.assign(n, -1);
  std::vector<int> labels(n, -1);
  bool settled = false;
  while (!settled && fit.iterations < iterations) {
    ++fit.iterations;
    assign(points, centres, labels);
    const Points means = mean_centres(points, centres, labels);
    const double shift = (means - centres).squaredNorm();
    centres = means;
    settled = labels == fit.labels;
    fit.labels = labels;
    if (!settled && shift <= tolerance) break;
  }
  if (!settled) assign(points, centres, fit.labels);
  fit.inertia = inertia_of(points, centres, fit.labels);
  fit.centres = std::move(centres);
  return fit;
}

}  // namespace

KMeans run_lloyd(const Points& points, const Points& centres,
                 const KMeansOptions& options) {
  check(points, centres.rows());
  // Distances between small numbers round less.
  const Row mean = points.colwise().mean();
  KMeans fit =
      iterate(points.rowwise() - mean, centres.rowwise() - mean,
              options.tolerance * mean_variance(points), options.iterations);
  fit.centres.rowwise() += mean;
  return fit;
}

KMeans fit_kmeans(const Points& points, const KMeansOptions& options) {
  check(points, options.clusters);
  const Row mean = points.colwise().mean();
  const Points centred = points.rowwise() - mean;
  const double tolerance = options.tolerance * mean_variance(points);
  NumpyRandom random(options.seed);
  KMeans best;
  for (int run = 0; run < std::max(1, options.restarts); ++run) {
    KMeans fit =
        iterate(centred, draw_centres(centred, options.clusters, random),
                tolerance, options.iterations);
    if (run == 0 || (fit.inertia < best.inertia &&
                     !same_clustering(fit.labels, best.labels)))
      best = std::move(fit);
  }
  best.centres.rowwise() += mean;
  return best;
}

bool same_clustering(const std::vector<int>& a, const std::vector<int>& b) {
  std::map<int, int> other;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto [place, fresh] = other.emplace(a[i], b[i]);
    if (!fresh && place->second != b[i]) return false;
  }
  return a.size() == b.size();
}

}  // namespace fer
