// A small network of each family as fp16 and as int8, through OpenVINO, against
// torch. Logits have deviation one, so a probability is worth its digits.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "export/calibration_ranges.h"
#include "export/exporter.h"
#include "export/finish_model.h"
#include "export/fold_batch_norm.h"
#include "export/half.h"
#include "export/quantize.h"
#include "export/zoo_model.h"

namespace fer {
namespace {

constexpr int64_t kImages = 8;

class ExportFamily : public testing::TestWithParam<const char*> {
 protected:
  ExportFamily()
      : zoo_(make_zoo_model(GetParam())),
        file_(export_model(*zoo_.model, zoo_.contract)) {
    fold_batch_norm(file_);
  }

  /// The file's layers with weights, calibrated on the pictures of the test.
  QuantizeResult to_int8() {
    const torch::Tensor planes =
        zoo_.pixels(kImages).permute({0, 3, 1, 2}).contiguous();
    const Pixels pixels = {
        {planes.const_data_ptr<uint8_t>(), static_cast<size_t>(planes.numel())},
        kImages};
    return quantize(file_,
                    collect_ranges(file_, pixels, tensors_to_calibrate(file_)));
  }

  /// Of one probability, the largest and the mean difference.
  void expect_within(const char* precision, double largest, double mean) {
    zoo_.contract.precision = precision;
    label_model(file_, zoo_.contract, "test");
    check_model(file_);
    const torch::Tensor pixels = zoo_.pixels(kImages);
    const torch::Tensor difference =
        (file_answers(file_, pixels) - zoo_.answers(pixels)).abs();
    fmt::print("{} {}: largest {:.1e}, mean {:.1e}\n", GetParam(), precision,
               difference.max().item<double>(),
               difference.mean().item<double>());
    EXPECT_LE(difference.max().item<double>(), largest);
    EXPECT_LE(difference.mean().item<double>(), mean);
  }

  ZooModel zoo_;
  onnx::ModelProto file_;
};

TEST_P(ExportFamily, AnswersInHalfPrecision) {
  to_half(file_);
  expect_within("fp16", 2e-2, 2e-3);
}

TEST_P(ExportFamily, AnswersInIntegers) {
  EXPECT_FALSE(to_int8().quantized.empty());
  // Made-up weights use the range of their layers less well than trained ones.
  expect_within("int8", 0.2, 0.05);
}

INSTANTIATE_TEST_SUITE_P(Families, ExportFamily,
                         testing::Values("fernet", "resnet18", "resnet50v2",
                                         "vit_tiny", "efficientnet_b0",
                                         "vgg16_bn_fer", "cnn50", "cnn48"),
                         [](const auto& test) {
                           return std::string(test.param);
                         });

}  // namespace
}  // namespace fer
