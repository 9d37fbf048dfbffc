#include "export/half.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <cstring>
#include <limits>

#include "core/error.h"
#include "deploy/onnx_session.h"
#include "export/half_float.h"
#include "export/tiny_models.h"

namespace fer {
namespace {

TEST(HalfFloat, EveryHalfComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const double value = from_half(static_cast<uint16_t>(bits));
    if (std::isnan(value)) continue;
    ASSERT_EQ(to_half_bits(value), bits);
  }
}

TEST(HalfFloat, RoundsToTheNearestWithTiesToEven) {
  EXPECT_EQ(to_half_bits(1.0), 0x3c00);
  EXPECT_EQ(to_half_bits(-2.0), 0xc000);
  EXPECT_EQ(to_half_bits(1 + 0x1p-11), 0x3c00) << "halfway: even";
  EXPECT_EQ(to_half_bits(1 + 3 * 0x1p-11), 0x3c02) << "halfway: even";
  EXPECT_EQ(to_half_bits(1 + 0x1.1p-11), 0x3c01);
  EXPECT_EQ(to_half_bits(2 - 0x1p-12), 0x4000) << "carries into the exponent";
  EXPECT_EQ(to_half_bits(0x1p-24), 0x0001);
  EXPECT_EQ(to_half_bits(0x1p-26), 0x0000);
  EXPECT_EQ(to_half_bits(65504), 0x7bff);
  EXPECT_EQ(to_half_bits(65519), 0x7bff);
  EXPECT_EQ(to_half_bits(65520), 0x7c00) << "infinity";
}

int type_of(const onnx::ModelProto& model, const std::string& name) {
  for (const auto& t : model.graph().initializer())
    if (t.name() == name) return t.data_type();
  return 0;
}

/// The first value of a constant in half precision.
uint16_t half_bits(const onnx::ModelProto& model, const std::string& name) {
  uint16_t bits = 0;
  for (const auto& t : model.graph().initializer())
    if (t.name() == name) std::memcpy(&bits, t.raw_data().data(), sizeof bits);
  return bits;
}

TEST(ToHalf, WeightsAreHalfAndAnswersStayClose) {
  onnx::ModelProto model = tiny_fernet().finish();
  const auto pixels = drawn_pixels(4, 64);
  const auto before = plain_run(model, pixels, 4);
  to_half(model);
  onnx::checker::check_model(model);
  EXPECT_EQ(type_of(model, "conv1.weight_half"), onnx::TensorProto::FLOAT16);
  EXPECT_EQ(type_of(model, "logits.bias_half"), onnx::TensorProto::FLOAT16);
  EXPECT_EQ(type_of(model, "of_255"), onnx::TensorProto::FLOAT)
      << "the pixels' scaling";
  EXPECT_EQ(type_of(model, "bn1.scale"), onnx::TensorProto::FLOAT);
  EXPECT_EQ(type_of(model, "conv1.weight"), 0) << "no second copy stays";
  const OnnxSession session(model.SerializeAsString(), "half");
  const auto floats = session.run(pixels, 4);
  const double difference =
      largest_difference(before, {floats.begin(), floats.end()});
  EXPECT_LT(difference, 2e-3);
  EXPECT_GT(difference, 0);
}

TEST(ToHalf, FewCastsAreNeeded) {
  TinyModel tiny(8, 1, 3);
  tiny.conv("conv1", 1, 4, 3);
  tiny.add("Relu", "relu1");
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 256, 3);
  onnx::ModelProto model = tiny.finish();
  to_half(model);
  onnx::checker::check_model(model);
  // The pixels' own, one to half, one back in front of Softmax.
  EXPECT_EQ(count_nodes(model, "Cast"), 3);
}

TEST(ToHalf, ATinyConstantKeepsItsNodeInFloat) {
  TinyModel tiny(8, 1, 3);
  tiny.conv("conv1", 1, 4, 3);
  tiny.add("Add", "guard", {tiny.constant("epsilon", {}, {1e-12F})});
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 256, 3);
  onnx::ModelProto model = tiny.finish();
  to_half(model);
  onnx::checker::check_model(model);
  EXPECT_EQ(type_of(model, "epsilon"), onnx::TensorProto::FLOAT);
}

// A zero-padding in front of MaxPool is followed by such a Clip.
TEST(ToHalf, ABoundThatSaysNoneStaysNone) {
  TinyModel tiny(8, 1, 3);
  tiny.conv("conv1", 1, 4, 3);
  constexpr float kNone = std::numeric_limits<float>::max();
  tiny.add(
      "Clip", "clip",
      {tiny.constant("low", {}, {-kNone}), tiny.constant("high", {}, {kNone})});
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 256, 3);
  onnx::ModelProto model = tiny.finish();
  to_half(model);
  onnx::checker::check_model(model);
  EXPECT_EQ(half_bits(model, "low_half"), 0xfbff);  // -65504
  EXPECT_EQ(half_bits(model, "high_half"), 0x7bff);
}

TEST(ToHalf, RefusesWeightsBeyondItsRange) {
  TinyModel tiny(8, 1, 3);
  tiny.add("Flatten", "flatten");
  std::vector<float> weights(192, 0.5F);
  weights[17] = -70000;
  tiny.add("MatMul", "logits", {tiny.constant("large", {64, 3}, weights)});
  onnx::ModelProto model = tiny.finish();
  try {
    to_half(model);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "[half] expected weights within +-65504, the largest of half "
                 "precision; got -70000 in 'large'. Export as fp32.");
  }
}

}  // namespace
}  // namespace fer
