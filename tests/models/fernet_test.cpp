#include "models/fernet.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "models/registry.h"
#include "models/summary.h"

namespace fer {
namespace {

torch::Tensor answer(int64_t batch, const ModelShape& shape) {
  const ModelPtr model = make_model({}, shape, 1);
  model->eval();
  const torch::NoGradGuard guard;
  return model->forward(torch::full(
      {batch, shape.channels, shape.image_size, shape.image_size}, 0.5));
}

std::vector<int64_t> shape_of_answer(int64_t batch, const ModelShape& shape) {
  return answer(batch, shape).sizes().vec();
}

TEST(Fernet, HasTheParametersOfTheReport) {
  // Convolutions k * k * in * out + out:
  //   832 + 25,632 + 18,496 + 36,928 + 73,856 + 147,584 + 295,168 + 590,080
  // Dense in * out + out: 1,180,160 + 65,664 + 129. Together 2,434,529.
  // BatchNorm, four a channel: 4 * 2 * (32 + 64 + 128 + 256) + 4 * (512 + 128)
  // = 6,400; half of them are moving statistics and not trained.
  const ModelPtr model = make_model({}, {1, 48, 2}, 1);
  const ModelSummary summary = summarise(*model, {1, 48, 2});
  EXPECT_EQ(summary.parameters, 2'440'929);
  EXPECT_EQ(summary.trainable, 2'437'729);
}

TEST(Fernet, NeedsAThirdOfAGigaflopAnImage) {
  // Multiply-adds, pixels * in * k * k * out:
  //   48x48: 2304 * 800, 2304 * 25,600           =  1,843,200 + 58,982,400
  //   24x24, 12x12, 6x6, each the same           = 10,616,832 + 21,233,664
  //   dense: 2304 * 512 + 512 * 128 + 128 * 1    =  1,245,312
  const ModelPtr model = make_model({}, {1, 48, 2}, 1);
  const ModelSummary summary = summarise(*model, {1, 48, 2});
  EXPECT_EQ(summary.multiply_adds, 157'622'400);
  EXPECT_NEAR(summary.gflops(), 0.315, 0.0005);
}

TEST(Fernet, HasTheLayersOfTheReportInTheirOrder) {
  std::vector<std::string> expected;
  const auto row = [&](const std::string& name, const std::string& kind,
                       const std::string& shape, int parameters) {
    expected.push_back(
        fmt::format("{} {} {} {}", name, kind, shape, parameters));
  };
  const int convolutions[4][2] = {
      {832, 25632}, {18496, 36928}, {73856, 147584}, {295168, 590080}};
  for (int i = 0; i < 4; ++i) {
    const std::string block = fmt::format("block{}_", i + 1);
    const int width = 32 << i, size = 48 >> i;
    const std::string wide = fmt::format("{}x{}x{}", width, size, size);
    const std::string half = fmt::format("{}x{}x{}", width, size / 2, size / 2);
    row(block + "conv1", "Conv2D", wide, convolutions[i][0]);
    row(block + "bn1", "BatchNormalization", wide, 4 * width);
    row(block + "conv2", "Conv2D", wide, convolutions[i][1]);
    row(block + "bn2", "BatchNormalization", wide, 4 * width);
    row(block + "pool", "MaxPooling2D", half, 0);
    row(block + "dropout", "Dropout", half, 0);
  }
  row("flatten", "Flatten", "2304", 0);
  row("dense1", "Dense", "512", 1180160);
  row("dense1_bn", "BatchNormalization", "512", 2048);
  row("dense1_dropout", "Dropout", "512", 0);
  row("dense2", "Dense", "128", 65664);
  row("dense2_bn", "BatchNormalization", "128", 512);
  row("dense2_dropout", "Dropout", "128", 0);
  row("logits", "Dense", "1", 129);

  const ModelPtr model = make_model({}, {1, 48, 2}, 1);
  std::vector<std::string> found;
  for (const LayerRecord& layer : summarise(*model, {1, 48, 2}).layers) {
    std::string shape;
    for (size_t i = 1; i < layer.output_shape.size(); ++i) {
      if (i > 1) shape += 'x';
      shape += std::to_string(layer.output_shape[i]);
    }
    found.push_back(fmt::format("{} {} {} {}", layer.name, layer.kind, shape,
                                layer.parameters));
  }
  EXPECT_EQ(found, expected);
}

TEST(Fernet, TakesAnyBatchSize) {
  using Shape = std::vector<int64_t>;
  EXPECT_EQ(shape_of_answer(1, {1, 48, 2}), (Shape{1, 1}));
  EXPECT_EQ(shape_of_answer(2, {1, 48, 2}), (Shape{2, 1}));
  EXPECT_EQ(shape_of_answer(7, {1, 48, 2}), (Shape{7, 1}));
}

TEST(Fernet, HasALogitForEachOfSevenClasses) {
  EXPECT_EQ(shape_of_answer(2, {1, 48, 7}), (std::vector<int64_t>{2, 7}));
}

TEST(Fernet, TakesColourAndOtherSizes) {
  using Shape = std::vector<int64_t>;
  EXPECT_EQ(shape_of_answer(2, {3, 48, 2}), (Shape{2, 1}));
  // 50 -> 25 -> 12 -> 6 -> 3, as 50 / 16.
  EXPECT_EQ(shape_of_answer(2, {1, 50, 3}), (Shape{2, 3}));
  EXPECT_EQ(shape_of_answer(2, {1, 16, 2}), (Shape{2, 1}));
}

TEST(Fernet, AnswersForAnImageDoNotDependOnItsBatch) {
  const ModelPtr model = make_model({}, {1, 48, 2}, 1);
  model->eval();
  const torch::NoGradGuard guard;
  const torch::Tensor images =
      torch::linspace(0, 1, 7 * 48 * 48).reshape({7, 1, 48, 48});
  const torch::Tensor alone = model->forward(images.slice(0, 3, 4));
  const torch::Tensor together = model->forward(images).slice(0, 3, 4);
  EXPECT_LT((alone - together).abs().max().item<float>(), 1e-5);
}

TEST(Fernet, UsesTheDropoutRatesItIsGiven) {
  // With all rates 0 two training passes agree; with the report's they do not.
  const torch::Tensor images =
      torch::linspace(0, 1, 4 * 48 * 48).reshape({4, 1, 48, 48});
  const torch::NoGradGuard guard;
  for (const bool off : {true, false}) {
    ModelConfig config;
    if (off) config.dropout = std::vector<double>(6, 0.0);
    const ModelPtr model = make_model(config, {1, 48, 2}, 1);
    model->train();
    const torch::Tensor first = model->forward(images);
    EXPECT_EQ(first.equal(model->forward(images)), off);
  }
}

/// The share of a million ones that each dropout layer sets to zero.
std::vector<double> dropped_shares(const ModelConfig& config) {
  const ModelPtr model = make_model(config, {1, 48, 2}, 1);
  model->train();
  std::vector<double> shares;
  for (const auto& child : model->children()) {
    const auto layer = std::dynamic_pointer_cast<Layer>(child);
    if (layer->kind() != "Dropout") continue;
    shares.push_back(
        (*layer)(torch::ones({1'000'000})).eq(0).sum().item<double>() / 1e6);
  }
  return shares;
}

TEST(Fernet, DropsTheSharesOfTheReportOrItsSettings) {
  const std::vector<double> report = {.4, .4, .5, .5, .6, .6};
  const std::vector<double> own = {.1, .2, .3, .5, .7, .9};
  const std::vector<double> found = dropped_shares({});
  ModelConfig config;
  config.dropout = own;
  const std::vector<double> changed = dropped_shares(config);
  ASSERT_EQ(found.size(), 6u);
  ASSERT_EQ(changed.size(), 6u);
  for (size_t i = 0; i < 6; ++i) {
    // Five deviations of a share: 5 * sqrt(0.25 / 1e6) = 0.0025.
    EXPECT_NEAR(found[i], report[i], 0.0025) << i;
    EXPECT_NEAR(changed[i], own[i], 0.0025) << i;
  }
}

TEST(Fernet, RefusesAnotherNumberOfDropoutRates) {
  ModelConfig config;
  config.dropout = {0.1, 0.2};
  EXPECT_EQ(error_text([&] {
              Fernet(config, {1, 48, 2});
            }),
            "[fernet] expected 6 dropout rates (4 blocks, 2 dense layers); got "
            "2 (model.dropout). Leave it out for the report's.");
}

TEST(Fernet, RefusesImagesThatFourPoolingsWouldConsume) {
  EXPECT_EQ(error_text([] {
              Fernet({}, {1, 15, 2});
            }),
            "[fernet] expected images of at least 16x16 pixels; got 15x15 "
            "(data.image_size). Take larger images.");
}

}  // namespace
}  // namespace fer
