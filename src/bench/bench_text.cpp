#include <fmt/core.h>

#include "bench/bench.h"
#include "core/text.h"

namespace fer {
namespace {

constexpr size_t kLayersShown = 12;

std::string percent(double share) {
  return share > 0 ? fmt::format("{:.0f} %", 100 * share) : "-";
}

std::string megabytes(int64_t bytes) {
  return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / (1 << 20));
}

std::string rate_table(const BenchResult& result) {
  std::vector<std::vector<std::string>> rows = {
      {"", "batch", "images/s", "quartiles", "p50 ms", "p90 ms", "p99 ms",
       "calls", "GFLOP/s", "of peak"}};
  for (const Rate& one : result.rates) {
    const Spread& spread = one.images_per_second;
    std::string share = percent(one.judgement.share);
    if (one.judgement.verdict != Verdict::kPossible)
      share += fmt::format(" ({})", word(one.judgement.verdict));
    rows.push_back(
        {one.measure, std::to_string(one.batch),
         fmt::format("{:.1f}", spread.median),
         fmt::format("{:.1f} - {:.1f}", spread.low, spread.high),
         fmt::format("{:.2f}", one.p50_ms), fmt::format("{:.2f}", one.p90_ms),
         fmt::format("{:.2f}", one.p99_ms), std::to_string(one.calls),
         fmt::format("{:.1f}", 1e-9 * one.judgement.flops), share});
  }
  return format_table(rows);
}

// Nothing where no layers were timed.
std::string layer_table(const BenchResult& result) {
  if (result.layers.empty()) return {};
  double forward = 0;
  for (const LayerTime& layer : result.layers) forward += layer.milliseconds;
  std::vector<std::vector<std::string>> rows = {
      {"layer", "ms", "share", "GFLOP/s", "of peak"}};
  double shown = 0;
  for (const LayerTime& layer : result.layers) {
    if (rows.size() > kLayersShown) break;
    shown += layer.share;
    rows.push_back(
        {layer.name, fmt::format("{:.2f}", layer.milliseconds),
         percent(layer.share),
         layer.flops > 0 ? fmt::format("{:.1f}", 1e-9 * layer.flops) : "-",
         result.peak > 0 ? percent(layer.flops / result.peak) : "-"});
  }
  const size_t rest = result.layers.size() - (rows.size() - 1);
  std::string text =
      fmt::format("Forward passes of training, {:.1f} of {:.1f} ms a step:\n{}",
                  forward, result.step_milliseconds, format_table(rows));
  if (rest > 0)
    text += fmt::format("and {} more, {} together\n", rest, percent(1 - shown));
  return text + "\n";
}

std::string ways(const BenchResult& result) {
  std::string text = result.precision;
  if (result.fused) text += ", fused passes";
  if (result.winograd) text += ", Winograd";
  return text;
}

}  // namespace

std::string bench_text(const BenchResult& result) {
  return fmt::format(
      "{}: {} in {} on {}; load average {:.1f}\n"
      "One image: {:.3f} GFLOP forward, {:.3f} in training{}\n\n{}\n{}"
      "Memory at most: {} resident in training{}\n",
      result.experiment, result.model, ways(result), result.device,
      result.load_average, 2e-9 * static_cast<double>(result.work.forward),
      2e-9 * static_cast<double>(result.work.training),
      result.peak > 0 ? fmt::format("; peak of these threads {:.1f} GFLOP/s",
                                    1e-9 * result.peak)
                      : "; peak not known",
      rate_table(result), layer_table(result), megabytes(result.resident_bytes),
      result.gpu_bytes > 0 ? fmt::format(", {} of tensors on the GPU",
                                         megabytes(result.gpu_bytes))
                           : "");
}

}  // namespace fer
