// ferbench's side of benchmarks/compare.py: answers lines of JSON until its
// input ends, so that programs can take turns without starting again.
//   {"do": "check", "mode": "training", "precision": "fp32", "batch": 64}
//     -> {"value": loss of the first step without dropout}, or for
//        "inference" the mean logit of the first batch
//   {"do": "measure", ..., "seconds": 2} -> {"images_per_second": median}
//   {"do": "peak", "precision": "fp32"}  -> {"flops": 3.6e11, or 0}
// Arguments: THREADS [plain | direct]: without fused passes, without Winograd.
#include <fmt/core.h>

#include <iostream>
#include <map>
#include <string_view>

#include "bench/spread.h"
#include "core/json.h"
#include "formula.h"
#include "kernels/peak_flops.h"
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

// One model with its optimizer and batches, in one arithmetic.
class Fernet48 {
 public:
  Fernet48(const TrainConfig& train, int64_t batch, bool dropout)
      : train_(train),
        images_(formula_images()),
        batches_(images_, rows_of(images_), batch, torch::kCPU),
        model_(make(dropout)),
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
  ModelPtr make(bool dropout) const {
    ModelConfig config;
    if (!dropout) config.dropout.assign(6, 0.0);
    ModelPtr model = make_model(config, {1, 48, 2}, 1);
    fill_by_formula(*model);
    place_model(*model, torch::kCPU, train_.channels_last);
    model->train();
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
  explicit Worker(const TrainConfig& train) : train_(train) {}

  Json answer(const Json& ask) {
    const auto what = ask.at("do").get<std::string>();
    const bool bf16 = ask.at("precision") == "bf16";
    if (what == "peak")
      return {
          {"flops", bf16 ? peak_flops_bf16().value_or(0) : peak_flops_fp32()}};
    TrainConfig train = train_;
    train.precision = bf16 ? Precision::kBf16 : Precision::kFp32;
    const auto batch = ask.at("batch").get<int64_t>();
    const bool training = ask.at("mode") == "training";
    if (what == "check") {
      Fernet48 fresh(train, batch, /*dropout=*/false);
      return {{"value", training ? fresh.step() : fresh.answer()}};
    }
    auto& kept = kept_[ask.at("mode").dump() + ask.at("precision").dump() +
                       std::to_string(batch)];
    const int warm_up = kept ? 1 : 3;
    if (!kept) kept = std::make_unique<Fernet48>(train, batch, true);
    const auto seconds = time_repeats(
        [&] { training ? kept->step() : kept->answer(); },
        {.warm_up = warm_up, .least = 2, .seconds = ask.at("seconds")});
    const auto images = static_cast<double>(batch);
    return {{"images_per_second", images / spread_of(seconds).median}};
  }

 private:
  TrainConfig train_;
  std::map<std::string, std::unique_ptr<Fernet48>> kept_;
};

void serve(int threads, std::string_view way) {
  TrainConfig train;
  train.threads = threads;
  train.fused = way != "plain";
  train.winograd = way.empty();
  prepare_process(train);
  Worker worker(train);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << worker.answer(Json::parse(line)).dump() << std::endl;
}

}  // namespace
}  // namespace fer

int main(int argc, char** argv) {
  try {
    fer::serve(argc > 1 ? std::stoi(argv[1]) : 0, argc > 2 ? argv[2] : "");
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
