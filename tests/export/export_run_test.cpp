#include "export/export_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/temporary_folder.h"
#include "data/source.h"
#include "deploy/onnx_session.h"
#include "eval/evaluate.h"
#include "models/registry.h"
#include "train/checkpoint.h"
#include "train/device.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

// A run as training leaves it: 60 drawn faces of 16 pixels, fresh weights.
class ExportRun : public testing::Test {
 protected:
  ExportRun() {
    config_.data.classes = {"happy", "sad"};
    config_.data.image_size = 16;
    config_.data.cache.clear();
    config_.data.synthetic.images = 60;
    config_.experiment.name = "tiny";
    config_.experiment.results = folder_.path() / "results";
    config_.train.device = DeviceKind::kCpu;
    config_.train.threads = 1;
    prepare_process(config_.train);
    images_ = load_images(config_.data, true);
    split_ = make_split(images_, config_.data);
    RunFolder::create(path(), config_, "ferbench run");
    TensorFile file;
    add_model(file, *make_model(config_.model, {1, 16, 2}, 1));
    CheckpointStore(path() / "checkpoints")
        .save("best", std::move(file), {{"epoch", 1}});
    audit_run(path(), images_, split_, config_);
    evaluate_run(run(), images_, split_, {"test"}, DeviceKind::kCpu);
  }

  fs::path path() const { return folder_.path() / "tiny" / "seed-42"; }
  RunFolder run() const { return RunFolder::open(path()); }
  ExportReport export_with(ExportOptions options) const {
    options.latency = {.warm_up = 1, .seconds = 0.1, .batch = 4};
    return export_run(run(), images_, split_, options);
  }

  TemporaryFolder folder_;
  Config config_;
  ImageSet images_;
  Split split_;
};

TEST_F(ExportRun, WritesTheFileAndItsReport) {
  const ExportReport report = export_with({});
  const std::string bytes = read_file(path() / "model.onnx");
  EXPECT_TRUE(report.verify.passed());
  EXPECT_LE(report.verify.max_difference, 1e-5);
  EXPECT_EQ(report.verify.agreement, 1);
  EXPECT_EQ(report.verify.images, static_cast<int64_t>(split_.test.size()));
  const Json json = read_json(path() / "export.json").at("model.onnx");
  EXPECT_EQ(json, report.to_json());
  EXPECT_EQ(json.at("sha256"), sha256(bytes));
  const OnnxContract contract = OnnxSession(path() / "model.onnx").contract();
  EXPECT_EQ(contract.classes, (std::vector<std::string>{"happy", "sad"}));
  EXPECT_EQ(contract.run, "tiny/seed-42");
  EXPECT_EQ(contract.protocol, "random");
  EXPECT_EQ(contract.precision, "fp32");
  EXPECT_EQ(contract.metrics.at("n"), split_.test.size());
  EXPECT_TRUE(contract.metrics.contains("accuracy_interval"));
}

TEST_F(ExportRun, WritesEachPrecisionBesideTheOthers) {
  export_with({});
  export_with({.precision = "fp16"});
  const ExportReport report =
      export_with({.precision = "int8", .max_drop = 100});
  EXPECT_EQ(report.calibration_images,
            static_cast<int64_t>(split_.train.size()));
  EXPECT_FALSE(report.quantize.quantized.empty());
  const Json json = read_json(path() / "export.json");
  EXPECT_EQ(json.size(), 3u);
  for (const char* name : {"model.onnx", "model-fp16.onnx", "model-int8.onnx"})
    EXPECT_EQ(json.at(name).at("size_bytes"), fs::file_size(path() / name));
  EXPECT_LT(fs::file_size(path() / "model-int8.onnx"),
            fs::file_size(path() / "model.onnx") / 2);
  EXPECT_EQ(OnnxSession(path() / "model-int8.onnx").contract().precision,
            "int8");
}

TEST_F(ExportRun, PublishesNothingWhereACheckFails) {
  export_with({});
  const std::string before = read_file(path() / "model.onnx");
  const std::string report = read_file(path() / "export.json");
  // No file gains a point of accuracy on the network it was made from.
  const std::string error =
      error_text([&] { export_with({.fold = false, .max_drop = -1}); });
  EXPECT_THAT(error, HasSubstr("expected at most -1 points below the model's"));
  EXPECT_THAT(error, HasSubstr("(accuracy on val)"));
  EXPECT_THAT(error, HasSubstr("(model.onnx). Nothing was published."));
  EXPECT_EQ(read_file(path() / "model.onnx"), before);
  EXPECT_EQ(read_file(path() / "export.json"), report);
}

// Whether a file is good enough is a choice, and the test split is not for
// choices: its labels may say anything.
TEST_F(ExportRun, MeasuresTheDropWithoutTheLabelsOfTheTestSplit) {
  const Json before = export_with({}).to_json().at("verification");
  EXPECT_EQ(before.at("drop").at("split"), "val");
  EXPECT_EQ(before.at("drop").at("images"), split_.val.size());
  for (const int64_t row : split_.test) {
    int64_t& label = images_.labels[static_cast<size_t>(row)];
    label = 1 - label;
  }
  EXPECT_EQ(export_with({}).to_json().at("verification"), before);
  split_.val.clear();
  EXPECT_EQ(export_with({}).verify.drop_split, "train");
}

TEST_F(ExportRun, WritesWhereItIsTold) {
  ExportOptions options;
  options.file = folder_.path() / "elsewhere" / "faces.onnx";
  options.nhwc = options.uint8_input = false;
  export_with(options);
  const OnnxContract contract = OnnxSession(options.file).contract();
  EXPECT_FALSE(contract.nhwc);
  EXPECT_FALSE(contract.uint8_input);
  EXPECT_FALSE(fs::exists(path() / "model.onnx"));
}

TEST_F(ExportRun, PublishesNothingBesideADamagedReport) {
  for (const char* damaged : {"[1", "[]"}) {
    write_file(path() / "export.json", damaged);
    EXPECT_THAT(error_text([&] { export_with({}); }),
                HasSubstr("(" + (path() / "export.json").string() + ")"));
    EXPECT_FALSE(fs::exists(path() / "model.onnx"));
  }
  EXPECT_THAT(error_text([&] { export_with({}); }),
              HasSubstr("[export] expected a JSON object; got another value"));
}

TEST_F(ExportRun, NeedsImagesToCheckWith) {
  split_.test.clear();
  split_.val.clear();
  EXPECT_EQ(error_text([&] { export_with({}); }),
            "[export] expected test images to check the file with; got none in "
            "the splits test and val. Set data.split.test.");
}

}  // namespace
}  // namespace fer
