// How fast an experiment trains and answers on this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bench/limit.h"
#include "bench/spread.h"
#include "bench/work.h"
#include "config/sections.h"
#include "core/json.h"
#include "data/image_set.h"
#include "data/split.h"

namespace fer {

struct BenchPlan {
  std::vector<int64_t> batches = {1, 8, 64, 256};  ///< of inference
  double seconds = 3;                              ///< of each measurement
};

/// One way of computing at one batch size.
struct Rate {
  std::string measure;  ///< "training" or "inference"
  int64_t batch = 0;
  int calls = 0;                              ///< that were timed
  Spread images_per_second = {};              ///< over the calls
  double p50_ms = 0, p90_ms = 0, p99_ms = 0;  ///< of one call
  Judgement judgement = {};                   ///< of the median
};

/// A layer's share of the forward passes of training steps.
struct LayerTime {
  std::string name, kind;
  double milliseconds = 0;  ///< a step
  double share = 0;         ///< of all layers
  double flops = 0;         ///< operations a second
};

struct BenchResult {
  std::string experiment, model, device, precision;
  bool fused = false, winograd = false;
  int64_t images = 0;             ///< of the experiment, or random ones
  Work work;                      ///< of one image
  double peak = 0;                ///< operations a second; 0: not known
  std::vector<Rate> rates;        ///< training first, then inference by batch
  std::vector<LayerTime> layers;  ///< the longest first; none on a GPU
  double step_milliseconds = 0;   ///< of the steps that `layers` were timed in
  int64_t resident_bytes = 0, gpu_bytes = 0;  ///< at most, see memory.h
  double load_average = 0;  ///< of the machine, over the last minute
};

/// Trains single steps as `ferbench run` does (without callbacks) and scores
/// batches as `ferbench evaluate` does; writes nothing. `say` gets a line
/// before each measurement. Throws what the Trainer throws, and Interrupted.
BenchResult run_bench(const Config& config, const ImageSet& images,
                      const Split& split, const BenchPlan& plan,
                      const std::function<void(const std::string&)>& say);

/// Error where a rate of the result cannot be.
void require_possible(const BenchResult& result);

/// Random pixels in the shape of the experiment, its classes in turn (seven
/// where it names none), all of them for training and the first for the rest.
struct RandomData {
  ImageSet images;
  Split split;
};
RandomData random_data(const DataConfig& config, int64_t images);

/// Results for a person, a program, a spreadsheet (one row per rate).
std::string bench_text(const BenchResult& result);
Json bench_json(const BenchResult& result);
std::string bench_csv(const BenchResult& result);

/// Rates over batch sizes as FILE.svg and FILE.png beside it. ConfigError when
/// `path` does not end in .svg, DataError without gnuplot.
void draw_bench(const BenchResult& result, const std::filesystem::path& path);

}  // namespace fer
