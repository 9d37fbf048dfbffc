#include "export/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "export/tiny_models.h"

namespace fer {
namespace {

using testing::HasSubstr;

constexpr int64_t kImages = 100;

/// The tiny Fernet's own answers, computed plainly.
struct Truth {
  std::vector<uint8_t> pixels = drawn_pixels(kImages, 64);
  std::vector<float> probabilities =
      to_floats(plain_run(tiny_fernet().finish(), pixels, kImages));
  std::vector<int64_t> labels;

  Truth() {
    for (size_t i = 0; i < kImages; ++i) {
      const auto row = probabilities.begin() + static_cast<int64_t>(3 * i);
      labels.push_back(std::max_element(row, row + 3) - row);
    }
  }
  VerifyReference reference() const {
    return {{pixels, kImages}, probabilities};
  }
  DropReference drop() const { return {"val", reference(), labels}; }
};

const Truth& truth() {
  static const Truth made;
  return made;
}

VerifyResult verified(TinyModel tiny, const VerifyOptions& options = {}) {
  return verify(tiny.finish().SerializeAsString(), truth().reference(),
                truth().drop(), options);
}

/// The text of the first failed check.
std::string refusal(const VerifyResult& result) {
  try {
    require_passed(result, "model.onnx");
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Verify, ARightFilePassesEveryCheck) {
  const VerifyResult result = verified(tiny_fernet());
  EXPECT_EQ(refusal(result), "nothing");
  std::vector<std::string> names;
  for (const Check& check : result.checks) names.push_back(check.name);
  EXPECT_THAT(names, testing::ElementsAre("onnx checker", "openvino", "input",
                                          "output", "batch 1", "batch 2",
                                          "batch 7", "whole split",
                                          "same class", "accuracy on val"));
  EXPECT_EQ(result.images, kImages);
  EXPECT_GT(result.max_difference, 0);
  EXPECT_LT(result.max_difference, 1e-6);
  EXPECT_EQ(result.agreement, 1);
  const Json json = result.to_json();
  EXPECT_EQ(json["drop"], (Json{{"split", "val"},
                                {"images", kImages},
                                {"accuracy", 1.0},
                                {"reference_accuracy", 1.0},
                                {"points", 0.0}}));
  EXPECT_EQ(json["passed"], true);
  EXPECT_EQ(json["checks"].size(), 10U);
  EXPECT_EQ(json["checks"][4]["expected"], "a difference of at most 1e-05");
}

TEST(Verify, OtherWeightsFailAtTheFirstBatch) {
  TinyModel tiny = tiny_fernet();
  tiny.node("logits").set_input(
      2, tiny.constant("other", {3}, {0.1F, -0.2F, 0.3F}));
  const VerifyResult result = verified(std::move(tiny));
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.checks.back().name, "batch 1");
  EXPECT_THAT(refusal(result),
              HasSubstr("[verify] expected a difference of at most 1e-05 "
                        "(batch 1); got 0."));
  EXPECT_THAT(refusal(result),
              HasSubstr("(model.onnx). Nothing was published."));
}

TEST(Verify, ADropBeyondTheLimitFails) {
  Truth other = truth();
  // The model loses four images that the reference has right: 4 points.
  DropReference drop = other.drop();
  std::vector<float> better = other.probabilities;
  for (size_t i = 0; i < 4; ++i) {
    other.labels[i] = (other.labels[i] + 1) % 3;
    for (size_t k = 0; k < 3; ++k)
      better[3 * i + k] =
          k == static_cast<size_t>(other.labels[i]) ? 0.8F : 0.1F;
  }
  drop.answers.probabilities = better;
  drop.labels = other.labels;
  const std::string onnx = tiny_fernet().finish().SerializeAsString();
  const VerifyReference same = truth().reference();
  const VerifyResult result = verify(onnx, same, drop, verify_options("int8"));
  EXPECT_NEAR(result.drop_points, 4, 1e-9);
  // Where file and model are compared, nothing was changed.
  EXPECT_EQ(result.agreement, 1);
  EXPECT_EQ(refusal(result),
            "[verify] expected at most 0.5 points below the model's 100.00 % "
            "(accuracy on val); got 96.00 %, 4.00 points below (model.onnx). "
            "Nothing was published.");
  VerifyOptions patient = verify_options("int8");
  patient.max_drop = 4;
  EXPECT_TRUE(verify(onnx, same, drop, patient).passed());
}

TEST(Verify, AnotherClassFailsUnlessItIsTooCloseToCall) {
  const std::string onnx = tiny_fernet().finish().SerializeAsString();
  std::vector<float> nearly = truth().probabilities;
  VerifyReference reference = truth().reference();
  // The two best of image 9 change places.
  std::vector<float> row(nearly.begin() + 27, nearly.begin() + 30);
  std::sort(row.begin(), row.end());
  const float margin = row[2] - row[1];
  for (size_t k = 27; k < 30; ++k) {
    if (nearly[k] == row[2])
      nearly[k] = row[1];
    else if (nearly[k] == row[1])
      nearly[k] = row[2];
  }
  reference.probabilities = nearly;
  VerifyOptions options;
  options.max_difference = margin * 1.01;
  const VerifyResult close = verify(onnx, reference, {}, options);
  EXPECT_TRUE(close.passed());
  EXPECT_NEAR(close.agreement, 0.99, 1e-9);
  EXPECT_THAT(close.checks.back().got, "99 of 100, 1 more too close to call");
  EXPECT_FALSE(close.to_json().contains("drop"));
}

TEST(Verify, NanIsNoProbability) {
  TinyModel tiny = tiny_fernet();
  tiny.node("logits").set_input(2, tiny.constant("broken", {3}, {NAN, 0, 0}));
  EXPECT_THAT(refusal(verified(std::move(tiny))),
              HasSubstr("(batch 1); got [onnx] expected probabilities that sum "
                        "to 1; got nan"));
}

TEST(Verify, AnotherNumberOfClassesFails) {
  TinyModel tiny(8, 1, 4);
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 64, 4);
  EXPECT_EQ(refusal(verified(std::move(tiny))),
            "[verify] expected 3 classes (output); got 4 classes (model.onnx). "
            "Nothing was published.");
}

TEST(Verify, AnotherInputFails) {
  TinyModel tiny(6, 1, 3);
  tiny.add("Flatten", "flatten");
  tiny.dense("logits", 36, 3);
  EXPECT_EQ(refusal(verified(std::move(tiny))),
            "[verify] expected images of 64 values (input); got 1 x 6 x 6 "
            "(model.onnx). Nothing was published.");
}

TEST(Verify, MetadataMustNotLie) {
  onnx::ModelProto model = tiny_fernet().finish();
  for (auto& entry : *model.mutable_metadata_props())
    if (entry.key() == "ferbench.classes") entry.set_value(R"(["a", "b"])");
  const VerifyResult result =
      verify(model.SerializeAsString(), truth().reference(), {}, {});
  EXPECT_EQ(result.checks.back().name, "openvino");
  EXPECT_THAT(refusal(result), HasSubstr("as the file's metadata say"));
}

TEST(Verify, DamagedBytesAndGraphsFail) {
  const std::string onnx = tiny_fernet().finish().SerializeAsString();
  EXPECT_THAT(refusal(verify(onnx.substr(0, onnx.size() / 2),
                             truth().reference(), {}, {})),
              HasSubstr("expected a file that the ONNX checker accepts"));
  TinyModel tiny = tiny_fernet();
  tiny.node("conv2").set_op_type("Convolute");
  EXPECT_THAT(refusal(verified(std::move(tiny))),
              HasSubstr("(onnx checker); got No Op registered for Convolute"));
}

TEST(Verify, AReferenceMustFitItself) {
  const auto refused = [](const VerifyReference& reference,
                          const DropReference& drop) {
    return error_text([&] { verify("", reference, drop, {}); });
  };
  DropReference drop = truth().drop();
  drop.labels = drop.labels.subspan(1);
  EXPECT_EQ(refused(truth().reference(), drop),
            "[verify] expected probabilities and labels for each of 100 "
            "images; got 300 probabilities and 99 labels. Give one row per "
            "image.");
  VerifyReference reference = truth().reference();
  reference.probabilities = reference.probabilities.subspan(1);
  EXPECT_EQ(refused(reference, {}),
            "[verify] expected probabilities and labels for each of 100 "
            "images; got 299 probabilities and 0 labels. Give one row per "
            "image.");
}

TEST(VerifyOptions, FollowThePrecision) {
  EXPECT_EQ(verify_options("fp32").max_difference, 1e-5);
  EXPECT_EQ(verify_options("fp16").max_difference, 1e-2);
  EXPECT_FALSE(verify_options("int8").same_class);
  EXPECT_THROW(verify_options("fp8"), Error);
}

}  // namespace
}  // namespace fer
