#include "export/fold_batch_norm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <cmath>

#include "core/error.h"
#include "export/channel_affine.h"
#include "export/onnx_graph.h"
#include "export/tiny_models.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kImages = 3;

std::vector<double> answers(const onnx::ModelProto& model, int64_t size = 64) {
  return plain_run(model, drawn_pixels(kImages, size), kImages);
}

/// Folds; the graph must be sound and answer as before.
FoldResult fold_and_compare(onnx::ModelProto& model, int64_t size = 64,
                            const FoldOptions& options = {}) {
  const auto before = answers(model, size);
  const FoldResult result = fold_batch_norm(model, options);
  onnx::checker::check_model(model);
  EXPECT_LT(largest_difference(before, answers(model, size)), 1e-6);
  return result;
}

std::vector<double> numbers(onnx::ModelProto& model, const std::string& name) {
  return OnnxGraph(model, "test").constant(name).values;
}

TEST(FoldBatchNorm, FoldsBackIntoTheLayerBefore) {
  TinyModel tiny(4, 1, 2);
  tiny.add(
      "Conv", "conv",
      {tiny.constant("w", {1, 1, 1, 1}, {2}), tiny.constant("b", {1}, {1})},
      {{"kernel_shape", {1, 1}}});
  tiny.add("BatchNormalization", "bn",
           {tiny.constant("gamma", {1}, {3}), tiny.constant("beta", {1}, {5}),
            tiny.constant("mean", {1}, {1}),
            tiny.constant("variance", {1}, {4 - 1e-5F})});
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 16, 2);
  onnx::ModelProto model = tiny.finish();
  const FoldResult result = fold_and_compare(model, 16);
  EXPECT_EQ(result.backward, 1);
  EXPECT_EQ(result.forward, 0);
  EXPECT_TRUE(result.left.empty());
  EXPECT_EQ(count_nodes(model, "BatchNormalization"), 0);
  // s = 3 / sqrt(4) = 1.5; W' = 2 * 1.5; b' = 1 * 1.5 + (5 - 1 * 1.5)
  EXPECT_NEAR(numbers(model, "w").at(0), 3.0, 1e-6);
  EXPECT_NEAR(numbers(model, "b").at(0), 5.0, 1e-6);
}

TEST(FoldBatchNorm, FernetFoldsForwardExactly) {
  onnx::ModelProto model = tiny_fernet().finish();
  const FoldResult result = fold_and_compare(model);
  EXPECT_EQ(result.backward, 0);
  EXPECT_EQ(result.forward, 3);
  EXPECT_TRUE(result.left.empty());
  EXPECT_EQ(count_nodes(model, "BatchNormalization"), 0);
  EXPECT_EQ(count_nodes(model, "Add"), 1) << "one padded Conv behind a norm";
}

TEST(FoldBatchNorm, SizesOfScalesGoBackPastReluAndSignsForward) {
  TinyModel tiny(1, 1, 2);
  tiny.add("Flatten", "flatten");
  tiny.add(
      "Gemm", "dense",
      {tiny.constant("w", {1, 2}, {2, 3}), tiny.constant("b", {2}, {1, 4})});
  tiny.add("Relu", "relu");
  tiny.add(
      "BatchNormalization", "bn",
      {tiny.constant("gamma", {2}, {-1, 3}), tiny.constant("beta", {2}, {5, 7}),
       tiny.constant("mean", {2}, {2, 0}),
       tiny.constant("variance", {2}, {4 - 1e-5F, 1 - 1e-5F})});
  tiny.add("Gemm", "logits",
           {tiny.constant("v", {2, 2}, {1, 2, 3, 4}),
            tiny.constant("c", {2}, {0, 10})});
  onnx::ModelProto model = tiny.finish();
  EXPECT_EQ(fold_and_compare(model, 1).forward, 1);
  // s = (-0.5, 3), t = (5 - 2 * -0.5, 7) = (6, 7): sizes into the columns of w,
  // signs into the rows of v; c' = c + (6 + 7 * 3, 6 * 2 + 7 * 4).
  using testing::Pointwise;
  const auto near = [](const std::vector<double>& wanted) {
    return Pointwise(testing::DoubleNear(1e-5), wanted);
  };
  EXPECT_THAT(numbers(model, "w"), near({1, 9}));
  EXPECT_THAT(numbers(model, "b"), near({0.5, 12}));
  EXPECT_THAT(numbers(model, "v"), near({-1, -2, 3, 4}));
  EXPECT_THAT(numbers(model, "c"), near({27, 50}));
}

TEST(FoldBatchNorm, TheShiftIsAMapThatKnowsTheBorders) {
  // Ones under a 3 x 3 kernel of ones: how many taps meet the 3 x 4 image.
  ConvGeometry geometry;
  geometry.pad = {1, 1, 1, 1};
  const Constant weight{{1, 1, 3, 3}, std::vector<double>(9, 1.0)};
  const Constant map = shift_map(weight, geometry, {2.0}, 3, 4);
  EXPECT_THAT(map.dims, ElementsAre(1, 1, 3, 4));
  EXPECT_THAT(map.values, ElementsAre(8, 12, 12, 8,    // 2 * 4, 2 * 6
                                      12, 18, 18, 12,  // 2 * 6, 2 * 9
                                      8, 12, 12, 8));
  // Stride 2 looks at the places (0, 0), (0, 2), (2, 0), (2, 2) alone.
  geometry.stride = {2, 2};
  EXPECT_THAT(shift_map(weight, geometry, {2.0}, 3, 4).values,
              ElementsAre(8, 12, 8, 12));
  EXPECT_THAT(shift_bias(weight, geometry, {2.0}), ElementsAre(18));
}

TEST(FoldBatchNorm, NegativeScalesDoNotPassMaxPool) {
  onnx::ModelProto model = tiny_fernet(-1.0F, 1.0F).finish();
  const FoldResult result = fold_and_compare(model);
  EXPECT_EQ(result.forward, 2);
  ASSERT_EQ(result.left.size(), 1U);
  EXPECT_THAT(result.left[0], HasSubstr("scales are negative, before pool"));
  EXPECT_EQ(count_nodes(model, "BatchNormalization"), 1);
}

TEST(FoldBatchNorm, ForwardCanBeOff) {
  onnx::ModelProto model = tiny_fernet().finish();
  const FoldResult result = fold_and_compare(model, 64, {.forward = false});
  EXPECT_EQ(result.forward, 0);
  ASSERT_EQ(result.left.size(), 3U);
  EXPECT_EQ(result.left[0], "bn1: folding forward is off");
}

TEST(FoldBatchNorm, GroupsAndGlobalPoolsTakeItOver) {
  TinyModel tiny(8, 1, 3);
  tiny.conv("conv1", 1, 4, 3);
  tiny.add("Relu", "relu1");
  tiny.batch_norm("bn1", 4);
  tiny.add("Conv", "grouped",
           {tiny.drawn("grouped.weight", {6, 2, 3, 3}, -0.5F, 0.5F)},
           {{"kernel_shape", {3, 3}},
            {"strides", {2, 2}},
            {"pads", {1, 1, 1, 1}},
            {"group", {2}}});
  tiny.add("Relu", "relu2");
  tiny.batch_norm("bn2", 6, -1.0F, 1.0F);
  tiny.add("GlobalAveragePool", "mean");
  tiny.add("Flatten", "flatten");
  tiny.add("MatMul", "logits", {tiny.drawn("w", {6, 3}, -0.5F, 0.5F)});
  onnx::ModelProto model = tiny.finish();
  const FoldResult result = fold_and_compare(model);
  EXPECT_EQ(result.forward, 2);
  EXPECT_EQ(count_nodes(model, "Add"), 2) << "a map, and MatMul's new bias";
}

TEST(FoldBatchNorm, EveryReaderMustTakeIt) {
  TinyModel tiny(8, 1, 3);
  tiny.conv("conv1", 1, 4, 3);
  tiny.add("Relu", "relu1");
  const std::string norm = tiny.batch_norm("bn1", 4);
  tiny.conv("conv2", 4, 4, 3);
  tiny.add("Add", "residual", {norm});
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 4 * 64, 3);
  onnx::ModelProto model = tiny.finish();
  const FoldResult result = fold_and_compare(model);
  EXPECT_EQ(result.forward, 0);
  EXPECT_THAT(result.left,
              ElementsAre("bn1: its output goes to residual (Add)"));
}

TEST(FoldBatchNorm, AWeightThatOthersReadStaysForThem) {
  TinyModel tiny(8, 1, 3);
  tiny.conv("conv1", 1, 1, 3);
  tiny.add("Relu", "relu1");
  tiny.batch_norm("bn1", 1);
  const TinyModel::Ints same{{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}};
  tiny.add("Conv", "again", {"conv1.weight"}, same);
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 64, 3);
  onnx::ModelProto model = tiny.finish();
  EXPECT_EQ(fold_and_compare(model).forward, 1);
}

TEST(FoldBatchNorm, RefusesParametersThatAreNotConstants) {
  TinyModel tiny = tiny_fernet();
  tiny.node("bn2").set_input(3, "relu1");
  onnx::ModelProto model = tiny.finish();
  try {
    fold_batch_norm(model);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "[fold] expected constant parameters of BatchNormalization; "
                 "got the tensor 'relu1' (node bn2). Export in evaluation "
                 "mode.");
  }
}

std::string refusal(const std::string& name, std::vector<float> values) {
  TinyModel tiny = tiny_fernet();
  const auto size = static_cast<int64_t>(values.size());
  tiny.node("bn1").set_input(4, tiny.constant(name, {size}, std::move(values)));
  onnx::ModelProto model = tiny.finish();
  try {
    fold_batch_norm(model);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(FoldBatchNorm, RefusesDamagedParameters) {
  EXPECT_EQ(
      refusal("short", {1, 1}),
      "[fold] expected 4 numbers, one per channel; got 2 in 'short' (node "
      "bn1). Export the run again.");
  EXPECT_THAT(refusal("negative", {1, 1, -2, 1}),
              HasSubstr("expected finite scales of BatchNormalization; got"));
  EXPECT_THAT(refusal("negative", {1, 1, -2, 1}),
              HasSubstr("in channel 2 (node bn1). Train the run again"));
}

}  // namespace
}  // namespace fer
