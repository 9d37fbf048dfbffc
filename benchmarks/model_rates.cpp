// ferbench's side of benchmarks/compare.py: answers lines of JSON until its
// input ends, so that programs can take turns without starting again.
//   {"do": "describe"} -> {"training": FLOPs of one image, "inference": ...}
//   {"do": "check", "mode": "training", "precision": "fp32", "batch": 64}
//     -> {"value": loss of the first step without dropout}, or for
//        "inference" the mean logit of the first batch
//   {"do": "measure", ..., "seconds": 2} -> {"images_per_second": median}
//   {"do": "peak", "precision": "fp32"}  -> {"flops": 3.6e11, or 0}
// Arguments: THREADS MODEL [WAY [cpu | cuda]]. MODEL: any of the zoo, here at
// 48x48 pixels with two classes. WAY: full, all that the device has; direct,
// without Winograd (cpu) or recorded steps (cuda); plain, without fused passes
// as well.
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <string_view>

#include "bench/spread.h"
#include "bench/work.h"
#include "core/error.h"
#include "core/json.h"
#include "cuda/backend.h"
#include "formula.h"
#include "kernels/peak_flops.h"
#include "models/layers.h"
#include "models/registry.h"
#include "train/batches.h"
#include "train/device.h"
#include "train/optimizer.h"
#include "train/step_engine.h"

namespace fer {
namespace {

// An epoch of a GPU is as long as one of FER2013, or its beginning would weigh.
constexpr int64_t kRowsOnGpu = 16384;
// Recorded and repeated together; a GPU is asked for more before anybody waits.
constexpr int kStepsRecorded = 8;
constexpr int kCallsOnGpu = 24;

// The images one after the other, again and again where they are too few.
std::vector<int64_t> rows_of(const ImageSet& images, int64_t least) {
  const auto n = static_cast<int64_t>(images.size());
  std::vector<int64_t> rows(static_cast<size_t>(std::max(n, least)));
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<int64_t>(i) % n;
  return rows;
}

// How everything is computed.
struct Setting {
  TrainConfig train;
  torch::Device device{torch::kCPU};

  bool on_gpu() const { return device.is_cuda(); }
};

// What is trained.
struct Subject {
  ModelConfig config;
  ModelShape shape;

  explicit Subject(const std::string& name) {
    config.name = name;
    config.vit.patch_size = 8;  // 36 patches
    shape = {find_model(name).reference_shape.channels, kFormulaSize, 2};
  }
  ModelPtr make() const { return make_model(config, shape, 1); }
};

// One model with its optimizer and batches, in one arithmetic.
class Trained {
 public:
  Trained(const Subject& subject, const Setting& setting, int64_t batch,
          bool dropout)
      : setting_(setting),
        images_(formula_images(static_cast<size_t>(subject.shape.channels))),
        batches_(images_, rows_of(images_, least_rows(setting, batch)), batch,
                 setting.device,
                 DeviceImages::place(images_, setting.device,
                                     setting.train.channels_last)),
        model_(make(subject, dropout)),
        optimizer_(OptimizerConfig{}, named_parameters(*model_)),
        engine_(*model_, optimizer_,
                std::make_unique<Classification>(*model_, Loss(0.0, {})),
                setting.train, setting.device) {}

  /// From here on steps are recorded where the setting says so, and go through
  /// whole epochs in an order of their own.
  void begin() {
    if (!setting_.on_gpu()) return;
    if (setting_.train.cuda_graph) {
      engine_.record_steps(
          [] { return std::unique_ptr<CudaGraph>(cuda_module().new_graph()); },
          &batches_);
    }
    in_epochs_ = true;
  }
  double first_loss() {
    RunningMetrics metrics;
    engine_.train(next(), false, metrics);
    return metrics.loss();
  }
  double mean_logit() {
    return answer().to(torch::kDouble).mean().item<double>();
  }
  // What is measured; on a GPU only asked for, see wait(). How many steps.
  int64_t step() {
    if (in_epochs_ && at_ % whole_steps() == 0)
      batches_.begin_epoch(1, ++epoch_, {});
    const int64_t taken =
        engine_.train(batches_, at_ % whole_steps(), metrics_);
    at_ += taken;
    return taken;
  }
  torch::Tensor answer() {
    return predict_logits(*model_, next().images, setting_.train,
                          setting_.device);
  }
  void wait() const { wait_for(setting_.device); }
  std::string refusal() const { return engine_.graph_refusal(); }

 private:
  // At least one repetition in an epoch.
  static int64_t least_rows(const Setting& setting, int64_t batch) {
    return setting.on_gpu() ? std::max(kRowsOnGpu, kStepsRecorded * batch)
                            : batch;
  }
  // Those of whole batches that fill repetitions.
  int64_t whole_steps() const {
    const int64_t together = setting_.train.cuda_graph_steps;
    return batches_.full() / together * together;
  }
  ModelPtr make(const Subject& subject, bool dropout) const {
    ModelPtr model = subject.make();
    fill_by_formula(*model);
    place_model(*model, setting_.device, setting_.train.channels_last);
    model->train();
    for (const auto& module : model->modules()) {
      if (!dropout && dynamic_cast<Dropout*>(module.get())) module->eval();
    }
    return model;
  }
  Batch next() { return batches_.get(at_++ % batches_.count()); }

  Setting setting_;
  ImageSet images_;
  Batches batches_;
  ModelPtr model_;
  Optimizer optimizer_;
  StepEngine engine_;
  RunningMetrics metrics_;
  int64_t at_ = 0;
  uint32_t epoch_ = 0;
  bool in_epochs_ = false;
};

class Worker {
 public:
  Worker(const Subject& subject, const Setting& setting)
      : subject_(subject), setting_(setting) {}

  Json answer(const Json& ask) {
    const auto what = ask.at("do").get<std::string>();
    if (what == "describe") return describe();
    const bool bf16 = ask.at("precision") == "bf16";
    if (what == "peak") return {{"flops", peak(bf16)}};
    setting_.train.precision = bf16 ? Precision::kBf16 : Precision::kFp32;
    return what == "check" ? check(ask) : measure(ask);
  }

 private:
  double peak(bool bf16) const {
    if (setting_.on_gpu()) return 0;
    return bf16 ? peak_flops_bf16().value_or(0) : peak_flops_fp32();
  }
  Json describe() const {
    const Work work = count_work(*subject_.make(), subject_.shape);
    return {{"training", 2 * work.training}, {"inference", 2 * work.forward}};
  }
  Json check(const Json& ask) {
    kept_.reset();  // two of them might not fit into memory
    Trained fresh(subject_, setting_, ask.at("batch"), /*dropout=*/false);
    return {{"value", ask.at("mode") == "training" ? fresh.first_loss()
                                                   : fresh.mean_logit()}};
  }
  Json measure(const Json& ask) {
    const auto batch = ask.at("batch").get<int64_t>();
    const bool training = ask.at("mode") == "training";
    const std::string name = fmt::format("{} {} {}", training,
                                         word(setting_.train.precision), batch);
    const bool known = kept_ && kept_name_ == name;
    if (!known) {
      kept_.reset();
      kept_ = std::make_unique<Trained>(subject_, setting_, batch, true);
      if (training) kept_->begin();
      kept_name_ = name;
    }
    const int together = setting_.on_gpu() ? kCallsOnGpu : 1;
    int64_t taken = 0;
    const auto call = [&] {
      taken = 0;
      while (taken < together) taken += training ? kept_->step() : once();
      kept_->wait();
    };
    const auto seconds = time_repeats(
        call,
        {.warm_up = known ? 1 : 3, .least = 2, .seconds = ask.at("seconds")});
    if (const std::string why = kept_->refusal(); !why.empty())
      throw Error("[rates] expected recorded steps; got none: " + why);
    const auto images = static_cast<double>(batch * taken);
    return {{"images_per_second", images / spread_of(seconds).median}};
  }
  int64_t once() {
    kept_->answer();
    return 1;
  }

  Subject subject_;
  Setting setting_;
  std::unique_ptr<Trained> kept_;  // of the question measured last
  std::string kept_name_;
};

Setting setting_of(int threads, std::string_view way, std::string_view where) {
  Setting setting;
  TrainConfig& train = setting.train;
  train.threads = threads;
  train.fused = way != "plain";
  train.winograd = way == "full";
  if (where != "cuda") {
    prepare_process(train);
    return setting;
  }
  // As the rivals: whichever of cuDNN's algorithms is fastest.
  train.deterministic = false;
  train.cuda_fused = train.fused;
  train.cuda_graph = way == "full";
  train.cuda_graph_steps = train.cuda_graph ? kStepsRecorded : 1;
  prepare_process(train);
  setting.device = choose_device(DeviceKind::kCuda);
  if (train.cuda_graph) cuda_module().leave_default_stream();
  return setting;
}

void serve(const Subject& subject, const Setting& setting) {
  Worker worker(subject, setting);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << worker.answer(Json::parse(line)).dump() << std::endl;
}

}  // namespace
}  // namespace fer

int main(int argc, char** argv) {
  try {
    const auto argument = [&](int i, const char* otherwise) {
      return argc > i ? argv[i] : otherwise;
    };
    fer::serve(fer::Subject(argument(2, "fernet")),
               fer::setting_of(std::stoi(argument(1, "0")), argument(3, "full"),
                               argument(4, "cpu")));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
