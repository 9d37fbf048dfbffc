// ferbench's side of benchmarks/compare.py: answers lines of JSON until its
// input ends, so that programs can take turns without starting again.
//   {"do": "describe"} -> {"training": FLOPs of one image, "inference": ...}
//   {"do": "check", "mode": "training", "precision": "fp32", "batch": 64}
//     -> {"value": loss of the first step without dropout}, or for
//        "inference" the mean logit of the first batch
//   {"do": "measure", ..., "seconds": 2} -> {"images_per_second": median}
//   {"do": "peak", "precision": "fp32"}  -> {"flops": 3.6e11, or 0}
// Arguments: THREADS MODEL [plain | direct]. MODEL: any of the zoo, here at
// 48x48 pixels with two classes; plain: without fused passes; direct: without
// Winograd.
#include <fmt/core.h>

#include <iostream>
#include <string_view>

#include "bench/spread.h"
#include "bench/work.h"
#include "core/json.h"
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

std::vector<int64_t> rows_of(const ImageSet& images) {
  std::vector<int64_t> rows(images.size());
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i);
  return rows;
}

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
  Trained(const Subject& subject, const TrainConfig& train, int64_t batch,
          bool dropout)
      : train_(train),
        images_(formula_images(static_cast<size_t>(subject.shape.channels))),
        batches_(images_, rows_of(images_), batch, torch::kCPU),
        model_(make(subject, dropout)),
        optimizer_(OptimizerConfig{}, named_parameters(*model_)),
        engine_(*model_, optimizer_,
                std::make_unique<Classification>(*model_, Loss(0.0, {})),
                train_, torch::kCPU) {}

  double step() {
    RunningMetrics metrics;
    engine_.train(next(), false, metrics);
    return metrics.loss();
  }
  double answer() {
    return predict_logits(*model_, next().images, train_, torch::kCPU)
        .to(torch::kDouble)
        .mean()
        .item<double>();
  }

 private:
  ModelPtr make(const Subject& subject, bool dropout) const {
    ModelPtr model = subject.make();
    fill_by_formula(*model);
    place_model(*model, torch::kCPU, train_.channels_last);
    model->train();
    for (const auto& module : model->modules()) {
      if (!dropout && dynamic_cast<Dropout*>(module.get())) module->eval();
    }
    return model;
  }
  Batch next() { return batches_.get(at_++ % batches_.count()); }

  TrainConfig train_;
  ImageSet images_;
  Batches batches_;
  ModelPtr model_;
  Optimizer optimizer_;
  StepEngine engine_;
  int64_t at_ = 0;
};

class Worker {
 public:
  Worker(const Subject& subject, const TrainConfig& train)
      : subject_(subject), train_(train) {}

  Json answer(const Json& ask) {
    const auto what = ask.at("do").get<std::string>();
    if (what == "describe") return describe();
    const bool bf16 = ask.at("precision") == "bf16";
    if (what == "peak")
      return {
          {"flops", bf16 ? peak_flops_bf16().value_or(0) : peak_flops_fp32()}};
    train_.precision = bf16 ? Precision::kBf16 : Precision::kFp32;
    return what == "check" ? check(ask) : measure(ask);
  }

 private:
  Json describe() const {
    const Work work = count_work(*subject_.make(), subject_.shape);
    return {{"training", 2 * work.training}, {"inference", 2 * work.forward}};
  }
  Json check(const Json& ask) {
    kept_.reset();  // two of them might not fit into memory
    Trained fresh(subject_, train_, ask.at("batch"), /*dropout=*/false);
    return {{"value",
             ask.at("mode") == "training" ? fresh.step() : fresh.answer()}};
  }
  Json measure(const Json& ask) {
    const auto batch = ask.at("batch").get<int64_t>();
    const bool training = ask.at("mode") == "training";
    const std::string name =
        fmt::format("{} {} {}", training, word(train_.precision), batch);
    const bool known = kept_ && kept_name_ == name;
    if (!known) {
      kept_.reset();
      kept_ = std::make_unique<Trained>(subject_, train_, batch, true);
      kept_name_ = name;
    }
    const auto seconds = time_repeats(
        [&] { training ? kept_->step() : kept_->answer(); },
        {.warm_up = known ? 1 : 3, .least = 2, .seconds = ask.at("seconds")});
    const auto images = static_cast<double>(batch);
    return {{"images_per_second", images / spread_of(seconds).median}};
  }

  Subject subject_;
  TrainConfig train_;
  std::unique_ptr<Trained> kept_;  // of the question measured last
  std::string kept_name_;
};

void serve(int threads, const std::string& model, std::string_view way) {
  TrainConfig train;
  train.threads = threads;
  train.fused = way != "plain";
  train.winograd = way.empty();
  prepare_process(train);
  Worker worker(Subject(model), train);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << worker.answer(Json::parse(line)).dump() << std::endl;
}

}  // namespace
}  // namespace fer

int main(int argc, char** argv) {
  try {
    fer::serve(argc > 1 ? std::stoi(argv[1]) : 0, argc > 2 ? argv[2] : "fernet",
               argc > 3 ? argv[3] : "");
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
