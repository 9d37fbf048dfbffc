#include "export/export_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/hash.h"
#include "export/tiny_models.h"

namespace fer {
namespace {

using testing::HasSubstr;

TEST(ExportReport, DescribesTheFile) {
  const std::string onnx = tiny_fernet().finish().SerializeAsString();
  const ExportReport report = describe_export("runs/a/model.onnx", onnx);
  EXPECT_EQ(report.file, "model.onnx");
  EXPECT_EQ(report.precision, "fp32");
  EXPECT_EQ(report.opset, 17);
  EXPECT_EQ(report.size_bytes, static_cast<int64_t>(onnx.size()));
  EXPECT_EQ(report.sha256, sha256(onnx));
  // conv1 4 * 25 + 4, conv2 6 * 4 * 9 + 6, dense1 96 * 5 + 5, logits 5 * 3 + 3,
  // norms 4 * (4 + 6 + 5)
  EXPECT_EQ(report.parameters, 104 + 222 + 485 + 18 + 60);
}

TEST(ExportReport, ScalesAreNoParameters) {
  onnx::ModelProto model = tiny_fernet().finish();
  quantize(
      model,
      {{"unit", {0, 1}}, {"bn1", {-1, 1}}, {"bn2", {-1, 1}}, {"bn3", {-1, 1}}});
  const ExportReport report =
      describe_export("model.onnx", model.SerializeAsString());
  EXPECT_EQ(report.parameters, 889);
}

TEST(ExportReport, HasOneKeyForEachQuestion) {
  ExportReport report;
  report.file = "model-int8.onnx";
  report.precision = "int8";
  report.calibration_images = 512;
  report.quantize.quantized = {"conv1", "conv2"};
  report.quantize.kept = {"logits"};
  report.fold.left = {"bn1: folding forward is off"};
  report.verify.checks = {{"batch 1", true, "little", "0.001"},
                          {"accuracy", false, "more", "less"}};
  report.latency = {{"openvino f32", 50, 0.5, 0.6, 0.7, 64, 2000}};
  const Json json = report.to_json();
  EXPECT_EQ(json["int8"]["layers"], 2);
  EXPECT_EQ(json["int8"]["calibration_images"], 512);
  EXPECT_EQ(json["int8"]["kept_in_float"][0], "logits");
  EXPECT_EQ(json["batch_norm"]["left"][0], "bn1: folding forward is off");
  EXPECT_EQ(json["verification"]["passed"], false);
  EXPECT_EQ(json["latency"][0]["median_ms"], 0.5);
  const std::string text = export_text(report);
  EXPECT_THAT(text, HasSubstr("batch 1   passed  0.001"));
  EXPECT_THAT(text, HasSubstr("accuracy  FAILED"));
  EXPECT_THAT(text, HasSubstr("openvino f32      0.500"));
}

TEST(ExportReport, RefusesOtherBytes) {
  try {
    describe_export("a/b.onnx", "no protobuf");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "[export] expected an ONNX file; got 11 other bytes "
                 "(a/b.onnx).");
  }
}

}  // namespace
}  // namespace fer
