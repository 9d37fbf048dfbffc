#include "songs/reference.h"

#include <limits>

#include "formula_hash.h"

namespace fer {

const Json& songs_reference() {
  static const Json values =
      read_json(FERBENCH_TEST_DIR "/reference/songs_sklearn.json");
  return values;
}

Points points_of(const Json& rows) {
  Points points(static_cast<Eigen::Index>(rows.size()),
                static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    for (Eigen::Index j = 0; j < points.cols(); ++j)
      points(i, j) =
          rows[static_cast<size_t>(i)][static_cast<size_t>(j)].get<double>();
  return points;
}

std::vector<double> hashed(size_t n, uint32_t salt) {
  std::vector<double> values;
  for (size_t i = 0; i < n; ++i) {
    values.push_back(formula_hash(static_cast<uint32_t>(i), salt) /
                     4294967296.0);
  }
  return values;
}

Points generated_points(const Json& generated) {
  const auto n = generated["n"].get<size_t>();
  const auto features = generated["features"].get<size_t>();
  const auto groups = generated["groups"].get<size_t>();
  const auto salt = generated["salt"].get<uint32_t>();
  const std::vector<double> centres = hashed(groups * features, salt);
  const std::vector<double> noise = hashed(n * features, salt + 1);
  Points points(static_cast<Eigen::Index>(n),
                static_cast<Eigen::Index>(features));
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < features; ++j)
      points(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          centres[i % groups * features + j] * 4 + noise[i * features + j];
  return points;
}

double largest_difference(const Points& a, const Points& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols())
    return std::numeric_limits<double>::infinity();
  return a.size() == 0 ? 0 : (a - b).cwiseAbs().maxCoeff();
}

}  // namespace fer
