#include "songs/pca.h"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "core/error.h"

namespace fer {

Pca principal_components(const Points& points, int dimensions) {
  if (points.rows() < 2 || points.cols() < 1) {
    fail<DataError>(
        "[pca] expected at least 2 points with a feature; got {} with {}.",
        points.rows(), points.cols());
  }
  const Eigen::RowVectorXd mean = points.colwise().mean();
  const Points centred = points.rowwise() - mean;
  const Eigen::MatrixXd covariance =
      centred.transpose() * centred / static_cast<double>(points.rows() - 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  const Eigen::Index features = points.cols();
  const Eigen::Index kept = std::min<Eigen::Index>(dimensions, features);
  const double total = covariance.trace();
  Pca pca;
  pca.components.resize(kept, features);
  for (Eigen::Index d = 0; d < kept; ++d) {
    const Eigen::Index from = features - 1 - d;  // eigenvalues ascend
    Eigen::VectorXd component = solver.eigenvectors().col(from);
    Eigen::Index largest = 0;
    component.cwiseAbs().maxCoeff(&largest);
    if (component[largest] < 0) component = -component;
    pca.components.row(d) = component.transpose();
    pca.variance_share.push_back(
        total > 0 ? std::max(0.0, solver.eigenvalues()[from]) / total : 0.0);
  }
  pca.projected = centred * pca.components.transpose();
  return pca;
}

}  // namespace fer
