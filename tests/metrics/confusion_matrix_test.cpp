#include "metrics/confusion_matrix.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace fer {
namespace {

using Labels = std::vector<int64_t>;

std::string error_of(const Labels& labels, const Labels& predicted,
                     size_t classes) {
  try {
    ConfusionMatrix(labels, predicted, classes);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ConfusionMatrix, HasTrueClassesInRows) {
  // Two of class 0 taken for 1; one of class 1 taken for 2.
  const ConfusionMatrix m(Labels{0, 0, 0, 1, 2}, Labels{0, 1, 1, 2, 2}, 3);
  EXPECT_EQ(m.count(0, 1), 2);
  EXPECT_EQ(m.count(1, 0), 0);
  EXPECT_EQ(m.count(1, 2), 1);
  EXPECT_EQ(m.total(), 5);
  EXPECT_EQ(m.correct(), 2);
  EXPECT_EQ(m.support(0), 3);
  EXPECT_EQ(m.predictions(0), 1);
  EXPECT_EQ(m.predictions(2), 2);
}

TEST(ConfusionMatrix, NormalisesByTrueClassAndLeavesAbsentOnesZero) {
  const ConfusionMatrix m(Labels{0, 0, 0, 0, 1}, Labels{0, 0, 0, 1, 2}, 3);
  EXPECT_EQ(m.normalised(),
            (std::vector<double>{0.75, 0.25, 0, 0, 0, 1, 0, 0, 0}));
}

TEST(ConfusionMatrix, RejectsWhatItCannotCount) {
  EXPECT_EQ(error_of({0}, {0}, 1),
            "[confusion_matrix] expected two or more classes; got 1.");
  EXPECT_EQ(error_of({0, 1}, {0}, 2),
            "[confusion_matrix] expected a prediction for each label; got 2 "
            "labels and 1 predictions.");
  EXPECT_EQ(error_of({}, {}, 2),
            "[confusion_matrix] expected at least one image; got none. Is the "
            "split empty?");
  EXPECT_EQ(error_of({0, 2}, {0, 0}, 2),
            "[confusion_matrix] expected labels in [0, 2); got 2 (row 1).");
  EXPECT_EQ(error_of({0}, {-1}, 2),
            "[confusion_matrix] expected predicted labels in [0, 2); got -1 "
            "(row 0).");
}

}  // namespace
}  // namespace fer
