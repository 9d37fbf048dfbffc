#include "export/latency.h"

#include <algorithm>
#include <cmath>

#include "core/stopwatch.h"
#include "deploy/onnx_session.h"

namespace fer {
namespace {

constexpr int kLeastSingles = 50;
constexpr int kLeastBatches = 5;

}  // namespace

double sorted_quantile(const std::vector<double>& sorted, double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  const auto index = static_cast<size_t>(std::max(1.0, rank)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

Latency measure_latency(std::string runtime, const RunBatch& run,
                        const LatencyOptions& options) {
  Latency result;
  result.runtime = std::move(runtime);
  for (int i = 0; i < options.warm_up; ++i) run(1);
  const auto times = [&](int64_t n, int least) {
    return timed_calls([&] { run(n); },
                       {.warm_up = 0,
                        .least = least,
                        .seconds = options.seconds,
                        .most = std::max(least, options.repeats)});
  };
  const auto singles = times(1, kLeastSingles);
  result.repeats = static_cast<int>(singles.size());
  result.median_ms = 1e3 * sorted_quantile(singles, 0.5);
  result.p90_ms = 1e3 * sorted_quantile(singles, 0.9);
  result.p99_ms = 1e3 * sorted_quantile(singles, 0.99);
  run(options.batch);
  const auto batches = times(options.batch, kLeastBatches);
  result.batch = options.batch;
  result.images_per_second =
      static_cast<double>(options.batch) / sorted_quantile(batches, 0.5);
  return result;
}

Json Latency::to_json() const {
  return {{"runtime", runtime},
          {"repeats", repeats},
          {"median_ms", median_ms},
          {"p90_ms", p90_ms},
          {"p99_ms", p99_ms},
          {"batch", batch},
          {"images_per_second", images_per_second}};
}

std::vector<Latency> openvino_latency(
    std::string_view onnx, const Pixels& images,
    const std::vector<std::string>& arithmetics,
    const LatencyOptions& options) {
  std::vector<Latency> results;
  for (const std::string& word : arithmetics) {
    const OnnxSession session(
        onnx, "the exported file",
        {.threads = options.threads, .arithmetic = parse_arithmetic(word)});
    check_fits(images, session.contract(), "latency");
    const std::vector<uint8_t> pixels =
        channels_last(images, session.contract(), 0, options.batch);
    const RunBatch run = [&](int64_t n) {
      const auto count = static_cast<size_t>(n);
      session.run({pixels.data(), count * session.image_size()}, count);
    };
    results.push_back(measure_latency("openvino " + word, run, options));
  }
  return results;
}

}  // namespace fer
