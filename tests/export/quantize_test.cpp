#include "export/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <cstdlib>

#include "core/error.h"
#include "core/json.h"
#include "core/temporary_folder.h"
#include "deploy/onnx_session.h"
#include "export/onnx_graph.h"
#include "export/tiny_models.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kImages = 16;

const std::vector<uint8_t>& pixels() {
  static const auto drawn = drawn_pixels(kImages, 64);
  return drawn;
}

onnx::ModelProto int8_fernet(const QuantizeOptions& options = {}) {
  onnx::ModelProto model = tiny_fernet().finish();
  const TensorRanges ranges =
      collect_ranges(model, {pixels(), kImages},
                     tensors_to_calibrate(model, options), RangeRule::kMinMax);
  quantize(model, ranges, options);
  onnx::checker::check_model(model);
  return model;
}

const onnx::TensorProto& find(const onnx::ModelProto& model,
                              const std::string& name) {
  for (const auto& t : model.graph().initializer())
    if (t.name() == name) return t;
  throw std::out_of_range(name);
}

std::vector<int> bytes_of(const onnx::ModelProto& model,
                          const std::string& name) {
  std::vector<int> values;
  const bool is_signed =
      find(model, name).data_type() == onnx::TensorProto::INT8;
  for (const char c : find(model, name).raw_data())
    values.push_back(is_signed ? static_cast<signed char>(c)
                               : static_cast<unsigned char>(c));
  return values;
}

/// One dense layer 2 x 2 on the pixels' corner: all numbers by hand.
TinyModel two_by_two(std::vector<float> weights, bool transposed) {
  TinyModel tiny(1, 2, 2);
  tiny.add("Flatten", "flatten");
  tiny.add("Gemm", "dense",
           {tiny.constant("w", {2, 2}, std::move(weights)),
            tiny.constant("b", {2}, {0.25F, 0})},
           {{"transB", {transposed ? 1 : 0}}});
  return tiny;
}

TEST(Quantize, WeightsHaveOneScalePerOutput) {
  onnx::ModelProto model =
      two_by_two({1.27F, -0.632F, 0.3F, -0.1F}, true).finish();
  EXPECT_THAT(tensors_to_calibrate(model), ElementsAre("unit"));
  quantize(model, {{"unit", {0, 1}}});
  onnx::checker::check_model(model);
  // Scales 1.27 / 127 and 0.3 / 127: -63.2 and -42.3 steps.
  EXPECT_THAT(bytes_of(model, "w_int8"), ElementsAre(127, -63, 127, -42));
  const auto scales = OnnxGraph(model, "test").constant("w_scale").values;
  EXPECT_NEAR(scales.at(0), 0.01, 1e-8);
  EXPECT_NEAR(scales.at(1), 0.3 / 127, 1e-8);
  EXPECT_THAT(bytes_of(model, "w_zero"), ElementsAre(0, 0));
}

TEST(Quantize, TheOutputsOfAPlainGemmAreItsColumns) {
  onnx::ModelProto model =
      two_by_two({1.0F, -1.0F, 0.25F, 4.0F}, false).finish();
  quantize(model, {{"unit", {0, 1}}});
  // Columns (1, 0.25) and (-1, 4): 127, -127 / 4, 127 / 4, 127
  EXPECT_THAT(bytes_of(model, "w_int8"), ElementsAre(127, -32, 32, 127));
}

TEST(Quantize, AnAllZeroChannelStaysZero) {
  onnx::ModelProto model = two_by_two({0, 0, 1, 1}, true).finish();
  quantize(model, {{"unit", {0, 1}}});
  EXPECT_THAT(bytes_of(model, "w_int8"), ElementsAre(0, 0, 127, 127));
  EXPECT_EQ(OnnxGraph(model, "test").constant("w_scale").values.at(0), 1);
}

TEST(Quantize, ReducedRangeUsesSevenBits) {
  onnx::ModelProto model = two_by_two({1, -1, 0.5F, 0.2F}, true).finish();
  quantize(model, {{"unit", {0, 1}}}, {.reduce_range = true});
  // 63 * 0.2 / 0.5 = 25.2
  EXPECT_THAT(bytes_of(model, "w_int8"), ElementsAre(63, -63, 63, 25));
}

std::pair<double, int> activation(TensorRange range) {
  onnx::ModelProto model = two_by_two({1, 1, 1, 1}, true).finish();
  quantize(model, {{"unit", range}});
  return {OnnxGraph(model, "test").constant("unit_scale").values.at(0),
          bytes_of(model, "unit_zero").at(0)};
}

TEST(Quantize, ActivationsHoldZeroExactly) {
  EXPECT_NEAR(activation({-1, 4}).first, 5.0 / 255, 1e-8);
  EXPECT_EQ(activation({-1, 4}).second, 51);  // 1 / (5 / 255)
  EXPECT_NEAR(activation({0.5, 2}).first, 2.0 / 255, 1e-8) << "widened to 0";
  EXPECT_EQ(activation({0.5, 2}).second, 0);
  EXPECT_EQ(activation({-3, -1}).second, 255);
  EXPECT_EQ(activation({0, 0}).first, 1) << "nothing but zeros";
}

TEST(Quantize, APairStandsBeforeMaxPoolAndFlatten) {
  const onnx::ModelProto model = tiny_fernet().finish();
  EXPECT_THAT(tensors_to_calibrate(model),
              ElementsAre("unit", "bn1", "bn2", "bn3"));
}

TEST(Quantize, FirstLastAndNamedLayersCanStay) {
  const QuantizeOptions options{
      .first = false, .last = false, .keep = {"dense1"}};
  onnx::ModelProto model = tiny_fernet().finish();
  EXPECT_THAT(tensors_to_calibrate(model, options), ElementsAre("bn1"));
  const QuantizeResult result = quantize(model, {{"bn1", {-1, 1}}}, options);
  EXPECT_THAT(result.quantized, ElementsAre("conv2"));
  EXPECT_THAT(result.kept, ElementsAre("conv1", "dense1", "logits"));
  EXPECT_EQ(count_nodes(model, "QuantizeLinear"), 1);
  EXPECT_EQ(count_nodes(model, "DequantizeLinear"), 2);
}

TEST(Quantize, OpenVinoComputesWhatTheNodesSay) {
  const onnx::ModelProto model = int8_fernet();
  const auto plain = plain_run(model, pixels(), kImages);
  const OnnxSession session(model.SerializeAsString(), "int8");
  const auto answers = session.run(pixels(), kImages);
  // A value on the edge between two steps may fall to either side.
  EXPECT_LT(largest_difference(plain, {answers.begin(), answers.end()}), 0.02);
  const auto exact = plain_run(tiny_fernet().finish(), pixels(), kImages);
  EXPECT_LT(largest_difference(plain, exact), 0.05);
  EXPECT_GT(largest_difference(plain, exact), 0);
}

TEST(Quantize, OnnxRuntimeAgreesWithOpenVino) {
  const char* named = std::getenv("FERBENCH_PYTHON");
  const std::string python = named ? named : "python3";
  if (std::system((python + " -c 'import onnxruntime' 2>/dev/null").c_str()))
    GTEST_SKIP() << python << " has no onnxruntime package (name an "
                 << "interpreter that has it in FERBENCH_PYTHON)";
  const TemporaryFolder folder;
  const std::string bytes = int8_fernet().SerializeAsString();
  folder.write("tiny.onnx", bytes);
  folder.write("pixels", {pixels().begin(), pixels().end()});
  const std::string command =
      fmt::format("{} {}/reference/onnx_runtime.py {} {} > {}", python,
                  FERBENCH_TEST_DIR, (folder / "tiny.onnx").string(),
                  (folder / "pixels").string(), (folder / "out").string());
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto theirs = read_json(folder / "out").get<std::vector<double>>();
  const auto ours = OnnxSession(bytes, "int8").run(pixels(), kImages);
  EXPECT_LT(largest_difference(theirs, {ours.begin(), ours.end()}), 0.02);
}

std::string refusal(const TensorRanges& ranges,
                    const QuantizeOptions& options) {
  onnx::ModelProto model = two_by_two({1, 1, 1, 1}, true).finish();
  try {
    quantize(model, ranges, options);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Quantize, SaysWhatIsMissing) {
  EXPECT_EQ(refusal({{"other", {0, 1}}}, {}),
            "[quantize] expected a range for the tensor 'unit'; got none among "
            "1. Calibrate the graph that is quantised.");
  EXPECT_EQ(refusal({{"unit", {0, 1}}}, {.keep = {"conv9"}}),
            "[quantize] expected the name of a layer with weights to keep in "
            "float32; got 'conv9'. The first one here is 'dense'.");
}

}  // namespace
}  // namespace fer
