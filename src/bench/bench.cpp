#include "bench/bench.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdlib>

#include "bench/memory.h"
#include "core/error.h"
#include "kernels/peak_flops.h"
#include "models/layer_clock.h"
#include "stats/bca.h"
#include "train/device.h"
#include "train/interrupt.h"
#include "train/task.h"
#include "train/trainer.h"

namespace fer {
namespace {

// Fewer calls say little about the slowest hundredth.
constexpr int kLeastSingleImages = 100;
constexpr int kLayerSteps = 5;
// A GPU is asked for several steps before anybody waits for them.
constexpr int kStepsOnGpu = 20;

double measured_peak(const torch::Device& device, Precision precision) {
  if (device.is_cuda()) return 0;
  return precision == Precision::kBf16 ? peak_flops_bf16().value_or(0)
                                       : peak_flops_fp32();
}

Rate rate(std::string measure, int64_t batch, double images,
          const std::vector<double>& seconds) {
  Rate result;
  result.measure = std::move(measure);
  result.batch = batch;
  result.calls = static_cast<int>(seconds.size());
  result.images_per_second = rates_of(spread_of(seconds), images);
  result.p50_ms = 1e3 * sorted_quantile(seconds, 0.5);
  result.p90_ms = 1e3 * sorted_quantile(seconds, 0.9);
  result.p99_ms = 1e3 * sorted_quantile(seconds, 0.99);
  return result;
}

// Batches of a smaller size, at the end of an epoch, are left out, and steps
// that would not fill a replay.
Rate training_rate(Trainer& trainer, const Config& config, int64_t images,
                   double seconds) {
  const int64_t batch = std::min<int64_t>(config.train.batch_size, images);
  const int64_t replayed =
      std::clamp<int64_t>(config.train.cuda_graph_steps, 1, images / batch);
  const int64_t whole = images / batch / replayed * replayed;
  const int64_t on_gpu = (kStepsOnGpu + replayed - 1) / replayed * replayed;
  const int64_t together = trainer.device().is_cuda() ? on_gpu : 1;
  RunningMetrics metrics;
  int64_t step = 0;
  const auto take = [&](int64_t steps) {
    for (const int64_t end = step + steps; step < end;)
      step += trainer.practise(step % whole, metrics);
  };
  auto times = time_repeats(
      [&] {
        take(together);
        wait_for(trainer.device());
      },
      {.seconds = seconds});
  for (double& one : times) one /= static_cast<double>(together);
  return rate("training", batch, static_cast<double>(batch), times);
}

Rate inference_rate(Trainer& trainer, const Config& config,
                    const ImageSet& images, int64_t batch, double seconds) {
  // Two batches in turn; a small set is gone through again and again.
  std::vector<int64_t> rows(static_cast<size_t>(2 * batch));
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<int64_t>(i % images.size());
  const Batches batches(images, rows, batch, trainer.device());
  int64_t call = 0;
  const auto times = time_repeats(
      [&] {
        predict_logits(trainer.model(), batches.get(call++ % 2).images,
                       config.train, trainer.device())
            .to(torch::kCPU);
      },
      {.least = batch == 1 ? kLeastSingleImages : 7, .seconds = seconds});
  return rate("inference", batch, static_cast<double>(batch), times);
}

void add_layers(Trainer& trainer, double batch, BenchResult& result) {
  const LayerClock clock(trainer.model());
  RunningMetrics metrics;
  const auto times =
      time_repeats([&] { trainer.practise(0, metrics); },
                   {.warm_up = 0, .least = kLayerSteps, .seconds = 0});
  result.step_milliseconds = 1e3 * spread_of(times).median;
  double sum = 0;
  for (const auto& entry : clock.entries()) sum += entry.seconds;
  const auto steps = static_cast<double>(times.size());
  for (const auto& entry : clock.entries()) {
    double work = 0;
    for (const std::string& member : entry.members) {
      const auto found = result.work.layers.find(member);
      if (found != result.work.layers.end())
        work += 2 * batch * steps * static_cast<double>(found->second);
    }
    result.layers.push_back({entry.name, entry.kind,
                             1e3 * entry.seconds / steps, entry.seconds / sum,
                             work / entry.seconds});
  }
  std::ranges::stable_sort(result.layers, std::ranges::greater(),
                           &LayerTime::milliseconds);
}

bool uses_winograd(const Config& config, const torch::Device& device) {
  const TrainConfig& train = config.train;
  return !device.is_cuda() && train.winograd && train.fused &&
         train.channels_last && train.precision == Precision::kFp32;
}

double load_average() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

void judge_all(BenchResult& result) {
  for (Rate& one : result.rates) {
    const bool training = one.measure == "training";
    const int64_t work = training ? result.work.training : result.work.forward;
    one.judgement =
        judge(one.images_per_second.median, static_cast<double>(work),
              result.peak, training && result.winograd);
  }
}

BenchResult describe(const Config& config, const ImageSet& images,
                     const Trainer& trainer) {
  BenchResult result;
  result.experiment = config.experiment.name;
  result.model = config.model.name;
  result.device = describe_device(trainer.device());
  result.precision = word(config.train.precision);
  result.fused = config.train.fused && config.train.channels_last &&
                 !trainer.device().is_cuda();
  result.winograd = uses_winograd(config, trainer.device());
  result.images = static_cast<int64_t>(images.size());
  result.load_average = load_average();
  return result;
}

}  // namespace

BenchResult run_bench(const Config& config, const ImageSet& images,
                      const Split& split, const BenchPlan& plan,
                      const std::function<void(const std::string&)>& say) {
  const InterruptGuard interrupt;
  Trainer trainer(config, images, split, "", /*quiet=*/true);
  BenchResult result = describe(config, images, trainer);
  // A step decides what trains; the count asks for that.
  RunningMetrics metrics;
  trainer.practise(0, metrics);
  result.work = count_work(trainer.model(), shape_of(images));
  result.peak = measured_peak(trainer.device(), config.train.precision);
  say("training");
  result.rates.push_back(training_rate(
      trainer, config, static_cast<int64_t>(split.train.size()), plan.seconds));
  result.resident_bytes = peak_resident_bytes();
  result.gpu_bytes = peak_gpu_bytes(trainer.device());
  // Recorded steps do not call their layers.
  if (!trainer.device().is_cuda())
    add_layers(trainer, static_cast<double>(result.rates[0].batch), result);
  for (const int64_t batch : plan.batches) {
    say(fmt::format("inference, batch {}", batch));
    result.rates.push_back(
        inference_rate(trainer, config, images, batch, plan.seconds));
  }
  // Whichever of the two probes ran undisturbed.
  result.peak = std::max(
      result.peak, measured_peak(trainer.device(), config.train.precision));
  judge_all(result);
  return result;
}

void require_possible(const BenchResult& result) {
  for (const Rate& one : result.rates) {
    if (one.judgement.verdict != Verdict::kImpossible) continue;
    fail<Error>(
        "[bench] expected at most {:.1f} images/s in {} at batch {}, which is "
        "the measured peak of {:.1f} GFLOP/s; got {:.1f}: impossible. The "
        "machine's load changed between them: repeat on a quiet one, with a "
        "larger --seconds.",
        one.judgement.limit, one.measure, one.batch, 1e-9 * result.peak,
        one.images_per_second.median);
  }
}

}  // namespace fer
