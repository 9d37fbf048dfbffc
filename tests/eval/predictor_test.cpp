#include "eval/predictor.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/temporary_folder.h"
#include "eval/tiny_images.h"

namespace fer {
namespace {

// Answers an image of gray value v with row v of a table of logits.
class TableModel final : public Model {
 public:
  explicit TableModel(torch::Tensor table) : table_(std::move(table)) {}
  torch::Tensor forward(const torch::Tensor& images) override {
    trained_when_asked_ = trained_when_asked_ || is_training();
    const torch::Tensor gray = images.select(1, 0).select(1, 0).select(1, 0);
    return table_.index_select(0, (gray * 255).round().to(torch::kLong));
  }
  bool trained_when_asked_ = false;

 private:
  torch::Tensor table_;
};

torch::Tensor column(const std::vector<float>& logits) {
  return torch::tensor(logits).unsqueeze(1);
}

Predictions predict_all(Model& model, const ImageSet& images,
                        const Config& config) {
  std::vector<int64_t> rows;
  for (size_t i = 0; i < images.size(); ++i)
    rows.push_back(static_cast<int64_t>(i));
  return predict(model, images, rows, config, torch::kCPU);
}

using Labels = std::vector<int64_t>;

// sigmoid(0) = 0.5; sigmoid(ln 3) = 3 / 4; sigmoid(-ln 3) = 1 / 4.
TableModel quarters() {
  const float ln3 = std::log(3.0f);
  return TableModel(column({-ln3, 0.0f, ln3}));
}

TEST(Predict, GivesBothColumnsOfABinaryHead) {
  auto model = quarters();
  const ImageSet images = filled_images({0, 1, 2}, {0, 1, 1}, {"no", "yes"});
  const Predictions p = predict_all(model, images, {});
  ASSERT_EQ(p.probabilities.size(), 6u);
  const double expected[] = {0.75, 0.25, 0.5, 0.5, 0.25, 0.75};
  for (size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(p.probabilities[i], expected[i], 1e-7) << i;
  EXPECT_EQ(p.class_names, images.class_names);
  EXPECT_EQ(p.labels, (Labels{0, 1, 1}));
  EXPECT_EQ(p.ids, (std::vector<std::string>{"image-0", "image-1", "image-2"}));
}

TEST(Predict, TakesLabelOneFromTheThresholdOn) {
  auto model = quarters();
  const ImageSet images = filled_images({0, 1, 2}, {0, 1, 1}, {"no", "yes"});
  const auto predicted = [&](double threshold) {
    Config config;
    config.evaluate.threshold = threshold;
    return predict_all(model, images, config).predicted;
  };
  EXPECT_EQ(predicted(0.5), (Labels{0, 1, 1}));  // 0.5 itself: a tie goes to 1
  EXPECT_EQ(predicted(0.51), (Labels{0, 0, 1}));
  EXPECT_EQ(predicted(0.2), (Labels{1, 1, 1}));
  EXPECT_EQ(predicted(0.8), (Labels{0, 0, 0}));
}

TEST(Predict, TakesTheMostProbableOfSevenAndTheFirstOfEquals) {
  torch::Tensor logits = torch::zeros({3, 7});
  logits[0][6] = 2.0f;
  logits[1][3] = logits[1][5] = 1.0f;  // a tie; the third row is one of seven
  TableModel model(logits);
  const ImageSet images =
      filled_images({0, 1, 2}, {6, 5, 4}, {"a", "b", "c", "d", "e", "f", "g"});
  Config config;
  config.evaluate.threshold = 0.9;  // speaks of two classes only
  const Predictions p = predict_all(model, images, config);
  EXPECT_EQ(p.predicted, (Labels{6, 3, 0}));
  ASSERT_EQ(p.probabilities.size(), 21u);
  EXPECT_NEAR(p.probability(0, 6), std::exp(2.0) / (std::exp(2.0) + 6), 1e-6);
  EXPECT_NEAR(p.probability(2, 4), 1.0 / 7, 1e-7);
}

TEST(Predict, FollowsRowsThatRepeatAcrossBatches) {
  auto model = quarters();
  const ImageSet images = filled_images({0, 1, 2}, {0, 0, 1}, {"no", "yes"});
  Config config;
  config.evaluate.batch_size = 2;  // 2 + 2 + 1
  const Predictions p =
      predict(model, images, {2, 0, 2, 2, 1}, config, torch::kCPU);
  EXPECT_EQ(p.ids, (std::vector<std::string>{"image-2", "image-0", "image-2",
                                             "image-2", "image-1"}));
  EXPECT_EQ(p.labels, (Labels{1, 0, 1, 1, 0}));
  EXPECT_EQ(p.predicted, (Labels{1, 0, 1, 1, 1}));
  EXPECT_NEAR(p.probability(3, 1), 0.75, 1e-7);
}

TEST(Predict, AsksInEvaluationModeAndLeavesTheModelAsItWas) {
  auto model = quarters();
  model.train();
  predict_all(model, filled_images({0}, {0}, {"no", "yes"}), {});
  EXPECT_FALSE(model.trained_when_asked_);
  EXPECT_TRUE(model.is_training());
}

TEST(Predict, NamesTheBatchOfAProbabilityThatIsNoNumber) {
  TableModel model(column({0.0f, std::numeric_limits<float>::quiet_NaN()}));
  const ImageSet images = filled_images({0, 0, 1}, {0, 0, 0}, {"no", "yes"});
  Config config;
  config.evaluate.batch_size = 2;
  EXPECT_EQ(error_text([&] { predict_all(model, images, config); }),
            "[predict] expected finite probabilities; got NaN in batch 1. The "
            "weights are damaged or training diverged: lower "
            "optimizer.learning_rate.");
}

}  // namespace
}  // namespace fer
