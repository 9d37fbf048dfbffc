// Whole training steps of Fernet on the CPU: batch assembly, forward, backward,
// fused Adam; with fused passes and Winograd's convolutions (models/fused.h)
// and without. benchmarks/compare.py has PyTorch's steps beside them. Run:
// build/benchmarks/train_step_bench --benchmark_filter=bf16
#include <benchmark/benchmark.h>

#include "data/synthetic.h"
#include "models/fused.h"
#include "models/registry.h"
#include "train/batches.h"
#include "train/device.h"
#include "train/optimizer.h"
#include "train/step_engine.h"

namespace fer {
namespace {

Config bench_config(Precision precision, Passes passes, int batch_size) {
  Config config;
  config.data.classes = {"happy", "sad"};
  config.data.synthetic.images = 512;
  config.train.precision = precision;
  config.train.fused = passes.fused;
  config.train.winograd = passes.winograd;
  config.train.batch_size = batch_size;
  return config;
}

void train_step(benchmark::State& state, Precision precision, Passes passes) {
  const Config config =
      bench_config(precision, passes, static_cast<int>(state.range(0)));
  prepare_process(config.train);
  const torch::Device device = torch::kCPU;
  const ImageSet images = draw_faces(config.data);
  std::vector<int64_t> rows(images.size());
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i);
  Batches batches(images, rows, config.train.batch_size, device);
  const ModelPtr model = make_model(config.model, {1, 48, 2}, 1);
  place_model(*model, device, config.train.channels_last);
  model->train();
  Optimizer optimizer(config.optimizer, named_parameters(*model));
  StepEngine engine(*model, optimizer,
                    std::make_unique<Classification>(*model, Loss(0.0, {})),
                    config.train, device);
  RunningMetrics metrics;
  const auto step = [&](int64_t i) {
    const Batch batch = batches.get(i % batches.count());
    engine.train(batch, false, metrics);
  };
  for (int64_t i = 0; i < 3; ++i) step(i);
  int64_t i = 0;
  for (auto _ : state) step(i++);
  state.SetItemsProcessed(state.iterations() * config.train.batch_size);
}

void at_64(benchmark::internal::Benchmark* bench) {
  bench->Arg(64)->Unit(benchmark::kMillisecond)->UseRealTime();
}
constexpr Passes kAll{.fused = true, .winograd = true}, kPlain{};
constexpr Passes kDirect{.fused = true};
BENCHMARK_CAPTURE(train_step, fp32, Precision::kFp32, kAll)->Apply(at_64);
BENCHMARK_CAPTURE(train_step, bf16, Precision::kBf16, kAll)->Apply(at_64);
BENCHMARK_CAPTURE(train_step, fp32_direct, Precision::kFp32, kDirect)
    ->Apply(at_64);
BENCHMARK_CAPTURE(train_step, fp32_plain, Precision::kFp32, kPlain)
    ->Apply(at_64);
BENCHMARK_CAPTURE(train_step, bf16_plain, Precision::kBf16, kPlain)
    ->Apply(at_64);

}  // namespace
}  // namespace fer

BENCHMARK_MAIN();
