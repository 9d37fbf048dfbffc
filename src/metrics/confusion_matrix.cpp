#include "metrics/confusion_matrix.h"

#include "core/error.h"

namespace fer {
namespace {

void check(std::span<const int64_t> labels, size_t classes, const char* what) {
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= static_cast<int64_t>(classes)) {
      fail<DataError>(
          "[confusion_matrix] expected {} in [0, {}); got {} (row {}).", what,
          classes, labels[i], i);
    }
  }
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::span<const int64_t> labels,
                                 std::span<const int64_t> predicted,
                                 size_t classes)
    : classes_(classes), counts_(classes * classes) {
  if (classes < 2) {
    fail<DataError>("[confusion_matrix] expected two or more classes; got {}.",
                    classes);
  }
  if (labels.size() != predicted.size()) {
    fail<DataError>(
        "[confusion_matrix] expected a prediction for each label; got {} "
        "labels and {} predictions.",
        labels.size(), predicted.size());
  }
  if (labels.empty()) {
    fail<DataError>(
        "[confusion_matrix] expected at least one image; got none. Is the "
        "split empty?");
  }
  check(labels, classes, "labels");
  check(predicted, classes, "predicted labels");
  for (size_t i = 0; i < labels.size(); ++i) {
    ++counts_[static_cast<size_t>(labels[i]) * classes +
              static_cast<size_t>(predicted[i])];
  }
  total_ = static_cast<int64_t>(labels.size());
}

int64_t ConfusionMatrix::correct() const {
  int64_t sum = 0;
  for (size_t k = 0; k < classes_; ++k) sum += count(k, k);
  return sum;
}

int64_t ConfusionMatrix::support(size_t k) const {
  int64_t sum = 0;
  for (size_t j = 0; j < classes_; ++j) sum += count(k, j);
  return sum;
}

int64_t ConfusionMatrix::predictions(size_t k) const {
  int64_t sum = 0;
  for (size_t i = 0; i < classes_; ++i) sum += count(i, k);
  return sum;
}

std::vector<double> ConfusionMatrix::normalised() const {
  std::vector<double> shares(counts_.size());
  for (size_t i = 0; i < classes_; ++i) {
    const int64_t row = support(i);
    if (row == 0) continue;
    for (size_t j = 0; j < classes_; ++j) {
      shares[i * classes_ + j] =
          static_cast<double>(count(i, j)) / static_cast<double>(row);
    }
  }
  return shares;
}

}  // namespace fer
