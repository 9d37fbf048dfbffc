#include "models/summary.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "models/registry.h"

namespace fer {
namespace {

/// Two layers in a group of their own, then a third.
class Nested final : public Model {
 public:
  struct Group : torch::nn::Module {
    Group() {
      conv = register_module("conv", std::make_shared<Conv2d>(Conv2d::Options{
                                         .in = 1, .out = 2, .kernel = 3}));
      norm = register_module("norm",
                             std::make_shared<BatchNorm>(2, kKerasBatchNorm));
    }
    std::shared_ptr<Conv2d> conv;
    std::shared_ptr<BatchNorm> norm;
  };
  Nested() {
    group_ = register_module("group", std::make_shared<Group>());
    flatten_ = register_module("flatten", std::make_shared<Flatten>());
  }
  torch::Tensor forward(const torch::Tensor& x) override {
    return (*flatten_)((*group_->norm)((*group_->conv)(x)));
  }

 private:
  std::shared_ptr<Group> group_;
  std::shared_ptr<Flatten> flatten_;
};

TEST(Summary, CountsWorkAndParametersOfEachLayer) {
  Nested model;
  const ModelSummary summary = summarise(model, {1, 5, 50});
  ASSERT_EQ(summary.layers.size(), 3u);
  const LayerRecord& conv = summary.layers[0];
  EXPECT_EQ(conv.name, "group.conv");
  EXPECT_EQ(conv.kind, "Conv2D");
  EXPECT_EQ(conv.parameters, 20);      // 3 * 3 * 1 * 2 + 2
  EXPECT_EQ(conv.multiply_adds, 450);  // 25 pixels * 2 * 9
  const LayerRecord& norm = summary.layers[1];
  EXPECT_EQ(norm.name, "group.norm");
  EXPECT_EQ(norm.parameters, 8);  // gamma, beta, mean, variance
  EXPECT_EQ(norm.trainable, 4);
  EXPECT_EQ(summary.layers[2].output_shape, (std::vector<int64_t>{1, 50}));
  EXPECT_EQ(summary.parameters, 28);
  EXPECT_EQ(summary.trainable, 24);
  EXPECT_EQ(summary.multiply_adds, 450);
  EXPECT_DOUBLE_EQ(summary.gflops(), 9e-7);  // 2 * 450 / 1e9
  // Three layers give out 2 * 5 * 5 values of 4 bytes.
  EXPECT_EQ(summary.activation_bytes, 600);
}

TEST(Summary, LeavesModeAndMovingStatisticsAlone) {
  Nested model;
  for (const bool training : {true, false}) {
    model.train(training);
    summarise(model, {1, 5, 50});
    EXPECT_EQ(model.is_training(), training);
    EXPECT_EQ(
        model.named_buffers()["group.norm.running_var"].sum().item<float>(),
        2.0f);
  }
}

TEST(Summary, RecordsNothingWhereNobodyListens) {
  Nested model;
  model.eval();
  const torch::Tensor image = torch::zeros({1, 1, 5, 5});
  model.forward(image);
  const LayerRecorder recorder(model);
  EXPECT_TRUE(recorder.records.empty());
  model.forward(image);
  EXPECT_EQ(recorder.records.size(), 3u);
}

TEST(Summary, PrintsTheTableThatKerasUsersKnow) {
  Nested model;
  const std::string text =
      format_summary("nested", summarise(model, {1, 5, 50}));
  EXPECT_TRUE(text.starts_with("Model: \"nested\"\n")) << text;
  for (const char* part :
       {"Layer (type)", "Output shape", "Param #", "MFLOP",
        "group.conv (Conv2D)", "(None, 2, 5, 5)", "flatten (Flatten)",
        "(None, 50)", " Total params: 28 (0.00 MB)\n",
        " Trainable params: 24 (0.00 MB)\n",
        " Non-trainable params: 4 (0.00 MB)\n",
        " Forward: 0.000 GFLOP, 0.00 MB of activations per image\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

TEST(Summary, PrintsFernetAsTheReportHasIt) {
  const ModelPtr model = make_model({}, {1, 48, 2}, 1);
  const std::string text =
      format_summary("fernet", summarise(*model, {1, 48, 2}));
  // 2,440,929 * 4 / 2^20 = 9.3114; 2,437,729: 9.2992; 3,200: 0.0122.
  // Activations, four values of each convolution's size and two of each
  // pooling's per block: 32 * 48^2 * 4 + 32 * 24^2 * 2 + ... + 3 * 512 + 3 *
  // 128
  // + 1 = 626,305 values.
  EXPECT_NE(
      text.find(" Total params: 2,440,929 (9.31 MB)\n"
                " Trainable params: 2,437,729 (9.30 MB)\n"
                " Non-trainable params: 3,200 (0.01 MB)\n"
                " Forward: 0.315 GFLOP, 2.39 MB of activations per image\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("117.96"), std::string::npos);  // block1_conv2, MFLOP
}

TEST(WithCommas, GroupsByThousands) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(123456), "123,456");
  EXPECT_EQ(with_commas(2440929), "2,440,929");
}

}  // namespace
}  // namespace fer
