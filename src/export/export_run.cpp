#include "export/export_run.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "core/error.h"
#include "core/file.h"
#include "deploy/onnx_session.h"
#include "eval/predictor.h"
#include "eval/trained_model.h"
#include "export/calibration_ranges.h"
#include "export/exporter.h"
#include "export/finish_model.h"
#include "export/half.h"
#include "train/step_engine.h"
#include "train/version.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

using Rows = std::vector<int64_t>;

Json read_if_there(const fs::path& path) {
  if (!fs::exists(path)) return Json::object();
  Json json = read_json(path);
  if (json.is_object()) return json;
  fail<DataError>(
      "[export] expected a JSON object; got another value ({}). The file was "
      "changed: mend or remove it.",
      path.string());
}

// Images of a split one behind the other.
class Gathered {
 public:
  Gathered(const ImageSet& images, const Rows& rows) : count_(rows.size()) {
    for (const int64_t row : rows) {
      const auto image = images.image(static_cast<size_t>(row));
      values_.insert(values_.end(), image.begin(), image.end());
    }
  }
  Pixels pixels() const { return {values_, static_cast<int64_t>(count_)}; }

 private:
  size_t count_;
  std::vector<uint8_t> values_;
};

// At most `n` rows, evenly spread.
Rows spread(const Rows& rows, int64_t n) {
  const auto total = static_cast<int64_t>(rows.size());
  if (total <= n) return rows;
  Rows some;
  for (int64_t i = 0; i < n; ++i)
    some.push_back(rows[static_cast<size_t>(i * total / n)]);
  return some;
}

Json scores_of(const Json& metrics) {
  Json scores = Json::object();
  const Json test = metrics.value("test", Json::object());
  for (const char* name : {"n", "accuracy", "accuracy_interval", "macro_f1"})
    if (test.contains(name)) scores[name] = test[name];
  return scores;
}

// "fernet-tuned/seed-42".
std::string run_name(const fs::path& path) {
  const fs::path folder = fs::weakly_canonical(path);
  return (folder.parent_path().filename() / folder.filename()).string();
}

OnnxContract contract_of(const RunFolder& run, const TrainedModel& trained,
                         const ExportOptions& options) {
  const Config& config = run.config();
  OnnxContract contract;
  contract.classes = trained.class_names;
  contract.height = contract.width = static_cast<int>(trained.shape.image_size);
  contract.channels = static_cast<int>(trained.shape.channels);
  contract.nhwc = options.nhwc;
  contract.uint8_input = options.uint8_input;
  contract.model = config.model.name;
  contract.experiment = config.experiment.name;
  contract.run = run_name(run.path());
  contract.protocol = word(config.data.split.protocol);
  const Json origin = read_if_there(run.path() / "environment.json");
  contract.commit = origin.value("commit", std::string());
  contract.metrics = scores_of(read_if_there(run.path() / "metrics.json"));
  // What reads the file takes the likeliest class.
  if (config.evaluate.threshold != 0.5)
    contract.metrics["threshold"] = config.evaluate.threshold;
  return contract;
}

// Names what a file has in the run folder when no other is given.
fs::path file_of(const RunFolder& run, const ExportOptions& options) {
  if (!options.file.empty()) return options.file;
  const bool full = options.precision == "fp32";
  return run.path() /
         (full ? "model.onnx" : "model-" + options.precision + ".onnx");
}

void to_precision(onnx::ModelProto& model, const ImageSet& images,
                  const Rows& train, const ExportOptions& options,
                  ExportReport& report) {
  if (options.precision == "fp16") to_half(model);
  if (options.precision != "int8") return;
  const Gathered sample(images, spread(train, options.calibration_images));
  const TensorRanges ranges =
      collect_ranges(model, sample.pixels(), tensors_to_calibrate(model));
  report.quantize = quantize(model, ranges);
  report.calibration_images = sample.pixels().count;
}

// What the model answers to images of a split, as the checks want it.
class Reference {
 public:
  Reference(const ImageSet& images, const Rows& rows, Model& model,
            Config config)
      : pixels_(images, rows) {
    config.train.precision = Precision::kFp32;
    Predictions predictions = predict(model, images, rows, config, torch::kCPU);
    probabilities_.assign(predictions.probabilities.begin(),
                          predictions.probabilities.end());
    labels_ = std::move(predictions.labels);
  }
  VerifyReference answers() const { return {pixels_.pixels(), probabilities_}; }
  const std::vector<int64_t>& labels() const { return labels_; }

 private:
  Gathered pixels_;
  std::vector<float> probabilities_;
  std::vector<int64_t> labels_;
};

// The rows on which file and model are compared, without their labels.
const Rows& verification_rows(const Split& split) {
  const Rows& rows = split.test.empty() ? split.val : split.test;
  if (!rows.empty()) return rows;
  fail<DataError>(
      "[export] expected test images to check the file with; got none in the "
      "splits test and val. Set data.split.test.");
}

struct DropRows {
  std::string split;
  Rows rows;
};

// The rows on which the loss of accuracy is measured: whether a file is good
// enough is a choice, and choices are not made on the test split. Without
// validation images the training images tell what rounding costs.
DropRows drop_rows(const Split& split) {
  constexpr int64_t kTrainImages = 4096;
  if (!split.val.empty()) return {"val", split.val};
  return {"train", spread(split.train, kTrainImages)};
}

// Rounding grows with depth: with random weights ResNet-34 stays within 7e-6 of
// torch, ResNet-50 and EfficientNet-B3 within 2.5e-5.
bool is_deep(const onnx::ModelProto& model) {
  constexpr int64_t kLayers = 40;
  const auto& nodes = model.graph().node();
  return kLayers < std::ranges::count_if(
                       nodes,
                       [](const auto& node) {
                         return node.op_type() == "Conv" ||
                                node.op_type() == "Gemm" ||
                                node.op_type() == "MatMul";
                       });
}

VerifyOptions limits_of(const onnx::ModelProto& model,
                        const ExportOptions& options) {
  VerifyOptions limits = verify_options(options.precision);
  limits.max_drop = options.max_drop;
  if (options.precision == "fp32" && is_deep(model))
    limits.max_difference = 1e-4;
  return limits;
}

Latency torch_latency(const RunFolder& run, const TrainedModel& trained,
                      const Pixels& pixels, const LatencyOptions& options) {
  TrainConfig config = run.config().train;
  config.precision = Precision::kFp32;
  const int64_t c = trained.shape.channels, side = trained.shape.image_size;
  // The first images, over again until a batch is full.
  const torch::Tensor all =
      torch::from_blob(const_cast<uint8_t*>(pixels.values.data()),
                       {pixels.count, c, side, side}, torch::kByte);
  const torch::Tensor batch =
      all.index_select(0, torch::arange(options.batch) % pixels.count);
  const auto run_batch = [&](int64_t n) {
    predict_logits(*trained.model,
                   batch.narrow(0, 0, n).to(torch::kFloat).div(255), config,
                   torch::kCPU);
  };
  return measure_latency("torch", run_batch, options);
}

Json machine() {
  return {{"processor", processor_name()},
          {"features", processor_features()},
          {"threads", at::get_num_threads()},
          {"openvino", openvino_version()},
          {"torch", version_json().at("torch")}};
}

}  // namespace

ExportReport export_run(const RunFolder& run, const ImageSet& images,
                        const Split& split, const ExportOptions& options) {
  const TrainedModel trained = open_trained(run);
  OnnxContract contract = contract_of(run, trained, options);
  const Rows& rows = verification_rows(split);
  const fs::path file = file_of(run, options);
  // Read first: a damaged one must not be found when the file stands.
  const fs::path report_file = run.path() / "export.json";
  Json reports = read_if_there(report_file);

  ExportReport parts;
  onnx::ModelProto model = export_model(*trained.model, contract);
  if (options.fold) parts.fold = fold_batch_norm(model);
  to_precision(model, images, split.train, options, parts);
  contract.precision = options.precision;
  label_model(model, contract, version_json().at("version"));
  check_model(model);
  const std::string bytes = model.SerializeAsString();

  const DropRows judged = drop_rows(split);
  const Reference test(images, rows, *trained.model, run.config());
  const Reference drop(images, judged.rows, *trained.model, run.config());
  const Pixels sample = test.answers().images;
  ExportReport report = describe_export(file, bytes);
  report.fold = parts.fold;
  report.quantize = parts.quantize;
  report.calibration_images = parts.calibration_images;
  report.verify = verify(bytes, test.answers(),
                         {judged.split, drop.answers(), drop.labels()},
                         limits_of(model, options));
  require_passed(report.verify, file.filename().string());
  report.latency =
      openvino_latency(bytes, sample, {"f32", "bf16"}, options.latency);
  report.latency.push_back(
      torch_latency(run, trained, sample, options.latency));
  report.machine = machine();
  write_file(file, bytes);
  reports[report.file] = report.to_json();
  write_json(report_file, reports);
  return report;
}

}  // namespace fer
