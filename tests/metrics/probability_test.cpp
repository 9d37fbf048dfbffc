#include "metrics/probability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.h"

namespace fer {
namespace {

using Labels = std::vector<int64_t>;
using Numbers = std::vector<double>;

template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(LogLoss, IsTheMeanSurprise) {
  // (-ln 1/2 - ln 1/4) / 2 = 1.5 ln 2
  EXPECT_DOUBLE_EQ(log_loss(Labels{0, 1}, Numbers{0.5, 0.5, 0.75, 0.25}, 2),
                   1.5 * std::log(2));
}

TEST(LogLoss, ClipsCertaintyAtTheEpsilonOfDouble) {
  // A certain error costs -ln 2^-52; a certain hit -ln(1 - 2^-52) = 2^-52.
  EXPECT_DOUBLE_EQ(log_loss(Labels{1}, Numbers{1, 0}, 2), 52 * std::log(2));
  EXPECT_DOUBLE_EQ(log_loss(Labels{0}, Numbers{1, 0}, 2), 0x1p-52);
}

TEST(Brier, BinaryIsTheMeanSquaredError) {
  // Scores of label 1: ((1 - .25)^2 + 0^2) / 2
  EXPECT_DOUBLE_EQ(brier_binary(Labels{1, 0}, 1, Numbers{0.25, 0}), 0.28125);
  // The other class, the other score: the same.
  EXPECT_DOUBLE_EQ(brier_binary(Labels{1, 0}, 0, Numbers{0.75, 1}), 0.28125);
}

TEST(Brier, MulticlassSumsOverTheClasses) {
  // (1 - .5)^2 + .25^2 + .25^2
  EXPECT_DOUBLE_EQ(brier_multiclass(Labels{0}, Numbers{0.5, 0.25, 0.25}, 3),
                   0.375);
  // Two classes: twice the binary score.
  EXPECT_DOUBLE_EQ(
      brier_multiclass(Labels{1, 0}, Numbers{0.75, 0.25, 0.75, 0.25}, 2),
      0.625);
  EXPECT_DOUBLE_EQ(brier_multiclass(Labels{1}, Numbers{1, 0}, 2), 2);
}

TEST(RowFault, NamesTheFirstFault) {
  EXPECT_EQ(row_fault(Numbers{0.25, 0.75}), "");
  EXPECT_EQ(row_fault(Numbers{0.25, std::nan("")}), "NaN for label 1");
  EXPECT_EQ(row_fault(Numbers{-0.25, 1.25}), "-0.25 for label 0");
  EXPECT_EQ(row_fault(Numbers{0, 1.25}), "1.25 for label 1");
  EXPECT_EQ(row_fault(Numbers{0.25, 0.5}), "a sum of 0.75");
}

TEST(LogLoss, RejectsWhatAreNoProbabilities) {
  EXPECT_EQ(error_of([] { log_loss({}, {}, 2); }),
            "[log_loss] expected at least one image; got none. Is the split "
            "empty?");
  EXPECT_EQ(error_of([] { log_loss(Labels{0}, Numbers{1}, 2); }),
            "[log_loss] expected 1 x 2 probabilities, as there are labels and "
            "classes; got 1.");
  EXPECT_EQ(error_of([] {
              log_loss(Labels{2}, Numbers{1, 0}, 2);
            }),
            "[log_loss] expected labels in [0, 2); got 2 (row 0).");
  EXPECT_EQ(error_of([] {
              log_loss(Labels{1}, Numbers{0.5, 0.25}, 2);
            }),
            "[log_loss] expected probabilities in [0, 1] that sum to 1 within "
            "1e-05; got a sum of 0.75 (row 0).");
}

TEST(Brier, RejectsWhatAreNoProbabilities) {
  EXPECT_EQ(error_of([] {
              brier_multiclass(Labels{-1}, Numbers{1, 0}, 2);
            }),
            "[brier] expected labels in [0, 2); got -1 (row 0).");
  EXPECT_EQ(error_of([] { brier_binary(Labels{1}, 1, Numbers{1.5}); }),
            "[brier] expected scores in [0, 1]; got 1.5 (row 0).");
  EXPECT_EQ(error_of([] { brier_binary(Labels{1}, 1, Numbers{std::nan("")}); }),
            "[brier] expected scores in [0, 1]; got nan (row 0).");
  EXPECT_EQ(error_of([] {
              brier_binary(Labels{1}, 1, Numbers{0, 1});
            }),
            "[brier] expected 1 x 1 probabilities, as there are labels and "
            "classes; got 2.");
}

}  // namespace
}  // namespace fer
