#include "metrics/predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>

#include "core/error.h"
#include "core/file.h"
#include "metrics/sklearn_cases.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PredictionsFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "fer-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = folder_ / "predictions-test.csv";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string error_of(const std::string& text) {
    write_file(path_, text);
    try {
      read_predictions(path_);
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  }

  fs::path folder_, path_;
};

Predictions two() {
  return {{"happy", "sad"},
          {"a.png", "b.png"},
          {0, 1},
          {0, 0},
          {0.75, 0.25, 0.5, 0.5}};
}

std::string error_of(const Predictions& p) {
  try {
    check_predictions(p);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

void expect_same(const Predictions& a, const Predictions& b) {
  EXPECT_EQ(a.class_names, b.class_names);
  EXPECT_EQ(a.ids, b.ids);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.predicted, b.predicted);
  ASSERT_EQ(a.probabilities.size(), b.probabilities.size());
  for (size_t i = 0; i < a.probabilities.size(); ++i) {
    ASSERT_EQ(std::bit_cast<uint64_t>(a.probabilities[i]),
              std::bit_cast<uint64_t>(b.probabilities[i]));
  }
}

TEST_F(PredictionsFile, HasTheAgreedColumns) {
  write_predictions(path_, two());
  EXPECT_EQ(read_file(path_),
            "id,label,predicted,p_happy,p_sad\n"
            "a.png,happy,happy,0.75,0.25\n"
            "b.png,sad,happy,0.5,0.5\n");
}

TEST_F(PredictionsFile, ComesBackToTheBit) {
  for (const uint64_t i : {0, 1, 4, 7, 12}) {
    const Predictions p = sklearn_case(i).predictions;
    write_predictions(path_, p);
    expect_same(read_predictions(path_), p);
  }
}

TEST_F(PredictionsFile, KeepsExtremeNumbersAndAwkwardNames) {
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  const double below_one = std::nextafter(1.0, 0.0);
  const Predictions p = {{"happy, very", "\"sad\"", "p_über"},
                         {"a,b.png", "line\nbreak", "", "c"},
                         {0, 1, 2, 2},
                         {2, 2, 1, 0},
                         {1, kTiny, -0.0, below_one, 1e-17, 0, 1. / 3, 1. / 3,
                          1. / 3, 0.1, 0.2, 0.7}};
  write_predictions(path_, p);
  expect_same(read_predictions(path_), p);
}

TEST_F(PredictionsFile, MayHoldNoImages) {
  const Predictions p = {{"happy", "sad"}, {}, {}, {}, {}};
  write_predictions(path_, p);
  EXPECT_EQ(read_predictions(path_).size(), 0u);
}

TEST_F(PredictionsFile, TakesFarBelowASecondForAWholeDataset) {
  Predictions p;
  p.class_names = {"angry", "disgust",  "fear",   "happy",
                   "sad",   "surprise", "neutral"};
  for (int i = 0; i < 35'887; ++i) {
    p.ids.push_back("train/happy/" + std::to_string(i) + ".png");
    p.labels.push_back(i % 7);
    p.predicted.push_back(i % 5);
    for (int k = 0; k < 7; ++k)
      p.probabilities.push_back((1.0 + (i + k) % 7) / 28);  // 1 + ... + 7
  }
  const auto start = std::chrono::steady_clock::now();
  write_predictions(path_, p);
  const auto middle = std::chrono::steady_clock::now();
  const Predictions back = read_predictions(path_);
  const auto end = std::chrono::steady_clock::now();
  expect_same(back, p);
  using Seconds = std::chrono::duration<double>;
  RecordProperty("write_seconds",
                 std::to_string(Seconds(middle - start).count()));
  RecordProperty("read_seconds", std::to_string(Seconds(end - middle).count()));
#ifdef NDEBUG
  // A tenth of this on one idle core; room for busy ones and sanitizers.
  EXPECT_LT(Seconds(end - start).count(), 2.0);
#endif
}

TEST_F(PredictionsFile, NamesTheColumnsItMisses) {
  EXPECT_EQ(error_of("id,predicted,p_happy,p_sad\n"),
            "[predictions] expected the columns id, label, predicted, "
            "p_<class>...; got id, predicted, p_happy, p_sad (" +
                path_.string() +
                ":1:1). Write the file again with `ferbench evaluate`.");
  EXPECT_THAT(error_of(""), HasSubstr("expected the columns id, label"));
}

TEST_F(PredictionsFile, RejectsAColumnItDoesNotKnow) {
  EXPECT_THAT(error_of("id,label,predicted,p_happy,p_sad,loss\n"),
              HasSubstr("expected a column p_<class>; got 'loss' (" +
                        path_.string() + ":1:1). Remove or rename it."));
}

TEST_F(PredictionsFile, NamesLineAndNearestClassOfAnUnknownOne) {
  const std::string head = "id,label,predicted,p_happy,p_sad\n";
  EXPECT_EQ(error_of(head + "a,happy,happy,1,0\nb,hapy,sad,1,0\n"),
            "[predictions] expected a class name in column 'label'; got 'hapy' "
            "(" +
                path_.string() +
                ":3). Did you mean 'happy'? The classes are happy, sad.");
  EXPECT_THAT(error_of(head + "a,happy,1,1,0\n"),
              HasSubstr("in column 'predicted'; got '1'"));
}

TEST_F(PredictionsFile, NamesLineAndColumnOfWhatIsNoNumber) {
  const std::string head = "id,label,predicted,p_happy,p_sad\n";
  EXPECT_THAT(error_of(head + "a,happy,sad,0.5x,0.5\n"),
              HasSubstr("expected a number in column 'p_happy'; got '0.5x' (" +
                        path_.string() + ":2)."));
  EXPECT_THAT(error_of(head + "a,happy,sad,0.5,\n"),
              HasSubstr("expected a number in column 'p_sad'; got ''"));
}

TEST_F(PredictionsFile, NamesTheLineOfAnImpossibleProbability) {
  const std::string head = "id,label,predicted,p_happy,p_sad\n";
  EXPECT_THAT(error_of(head + "a,sad,sad,0,1\nb,sad,sad,-0.5,1.5\n"),
              HasSubstr("got -0.5 for label 0 (" + path_.string() + ":3)."));
  EXPECT_THAT(error_of(head + "a,sad,sad,nan,1\n"),
              HasSubstr("got NaN for label 0"));
  EXPECT_THAT(error_of(head + "a,sad,sad,inf,1\n"),
              HasSubstr("got inf for label 0"));
}

TEST_F(PredictionsFile, IsNotTouchedByPredictionsThatAreWrong) {
  write_predictions(path_, two());
  Predictions p = two();
  p.labels[0] = 2;
  EXPECT_THROW(write_predictions(path_, p), DataError);
  expect_same(read_predictions(path_), two());
}

TEST(Predictions, GiveTheColumnOfAClass) {
  EXPECT_EQ(two().scores(1), (std::vector<double>{0.25, 0.5}));
  EXPECT_EQ(two().hard_scores(0), (std::vector<double>{1, 1}));
  EXPECT_EQ(two().hard_scores(1), (std::vector<double>{0, 0}));
}

TEST(Predictions, MayContradictTheScoresAndRepeatIds) {
  Predictions p = two();
  p.ids[1] = p.ids[0];
  p.predicted = {1, 1};
  EXPECT_EQ(error_of(p), "no error");
}

TEST(Predictions, NeedTwoDifferentNamedClasses) {
  Predictions p = {{"happy"}, {"a"}, {0}, {0}, {1}};
  EXPECT_EQ(error_of(p),
            "[predictions] expected two or more classes; got 1 (class_names). "
            "Each class needs a name and a column p_<class>.");
  p = two();
  p.class_names[1] = "happy";
  EXPECT_EQ(error_of(p),
            "[predictions] expected different class names; got 'happy' twice "
            "(class_names).");
  p.class_names[1] = "";
  EXPECT_EQ(error_of(p),
            "[predictions] expected a name for every class; got an empty one "
            "for label 1 (class_names).");
}

TEST(Predictions, NeedColumnsOfOneLength) {
  const std::string expected =
      "[predictions] expected 2 ids, 2 predicted labels and 2 x 2 "
      "probabilities, as there are labels; got ";
  Predictions p = two();
  p.ids.pop_back();
  EXPECT_EQ(error_of(p), expected + "1, 2 and 4.");
  p = two();
  p.predicted.push_back(0);
  EXPECT_EQ(error_of(p), expected + "2, 3 and 4.");
  p = two();
  p.probabilities.pop_back();
  EXPECT_EQ(error_of(p), expected + "2, 2 and 3.");
}

TEST(Predictions, NeedLabelsInRange) {
  Predictions p = two();
  p.labels[1] = 2;
  EXPECT_EQ(error_of(p),
            "[predictions] expected labels in [0, 2); got 2 (row 1). Labels "
            "are indices into class_names.");
  p = two();
  p.predicted[0] = -1;
  EXPECT_THAT(error_of(p),
              HasSubstr("expected predicted labels in [0, 2); got -1 (row 0)"));
}

TEST(Predictions, NeedRowsThatSumToOneWithinTheTolerance) {
  Predictions p = two();
  p.probabilities[3] = 0.5 + 0.9e-5;
  EXPECT_EQ(error_of(p), "no error");
  p.probabilities[3] = 0.5 - 0.9e-5;
  EXPECT_EQ(error_of(p), "no error");
  p.probabilities[3] = 0.25;
  EXPECT_EQ(error_of(p),
            "[predictions] expected probabilities in [0, 1] that sum to 1 "
            "within 1e-05; got a sum of 0.75 (row 1, id 'b.png'). Write a "
            "softmax computed in float32 or better.");
  p.probabilities[3] = 0.5 + 1.1e-5;
  EXPECT_THAT(error_of(p), HasSubstr("got a sum of 1.000011"));
}

}  // namespace
}  // namespace fer
