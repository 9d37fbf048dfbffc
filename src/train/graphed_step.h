// Training steps recorded once and repeated with other data: on a GPU the
// processor then asks for one thing instead of some hundred per step.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cuda/module.h"
#include "train/batches.h"
#include "train/running_metrics.h"

namespace fer {

class GraphedStep {
 public:
  /// All that the steps ask of the device: they may not read anything back, nor
  /// depend on a number of the host that changes from one time to the next.
  using Work = std::function<void(RunningMetrics&)>;
  using NewGraph = std::function<std::unique_ptr<CudaGraph>()>;

  GraphedStep(Work work, torch::Device device, NewGraph new_graph);

  /// Whether replay() can be called; records the work if it has to. False: the
  /// caller takes the step itself, as the first three times (warm-up: they
  /// train as all others) and where recording failed.
  bool ready();

  /// Repeats the work, which adds to `metrics` and takes so many samples.
  void replay(int64_t samples, RunningMetrics& metrics);

  /// The step has changed (a layer was frozen, say): record anew.
  void forget();

  /// Why nothing is recorded; empty while nothing failed.
  const std::string& refusal() const { return refusal_; }

 private:
  bool record();
  void adopt(RunningMetrics& metrics);

  Work work_;
  torch::Device device_;
  NewGraph new_graph_;
  std::unique_ptr<CudaGraph> graph_;
  RunningMetrics sums_;  // where the recorded steps add
  int warm_up_ = 0;
  std::string refusal_;
};

/// A batch at one place in memory, where a recorded step reads it.
class FixedBatch {
 public:
  /// The first batch sets the size; the last of an epoch may be smaller.
  bool fits(const Batch& batch);
  void put(const Batch& batch);
  const Batch& get() const { return batch_; }

 private:
  Batch batch_;
};

}  // namespace fer
