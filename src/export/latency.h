// How fast something answers: single images and batches, beside one another.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "export/pixels.h"

namespace fer {

/// Runs the first `n` images of the sample once, for `n` = 1 or the batch.
using RunBatch = std::function<void(int64_t n)>;

struct LatencyOptions {
  int warm_up = 10;
  int repeats = 200;   ///< of single images; at least 50 are done
  double seconds = 2;  ///< limit for each of the two measurements
  int64_t batch = 64;  ///< for the throughput
  int threads = 0;     ///< of OpenVINO; 0: all cores
};

struct Latency {
  std::string runtime;  ///< "openvino f32", "torch"
  int repeats = 0;
  double median_ms = 0;  ///< one image
  double p90_ms = 0;
  double p99_ms = 0;
  int64_t batch = 0;
  double images_per_second = 0;

  Json to_json() const;
};

/// Warm-up, then single images until `repeats` or `seconds` (never under 50),
/// then batches (never under 5).
Latency measure_latency(std::string runtime, const RunBatch& run,
                        const LatencyOptions& options = {});

/// The value that `share` of the sorted ones do not exceed; not interpolated.
double sorted_quantile(const std::vector<double>& sorted, double share);

/// The file through OpenVINO as prediction runs it, all threads for one call,
/// in each named arithmetic ("f32", "bf16", "auto"). `images`: at least one;
/// repeated to fill a batch.
std::vector<Latency> openvino_latency(
    std::string_view onnx, const Pixels& images,
    const std::vector<std::string>& arithmetics,
    const LatencyOptions& options = {});

}  // namespace fer
