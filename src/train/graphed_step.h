// A training step recorded once and repeated with other data: on a GPU the
// processor then asks for one thing per step instead of some hundred.
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
  /// All that a step asks of the device: it may not read anything back, nor
  /// depend on a number of the host that changes from step to step.
  using Step = std::function<void(const Batch&, RunningMetrics&)>;
  using NewGraph = std::function<std::unique_ptr<CudaGraph>()>;

  GraphedStep(Step step, NewGraph new_graph);

  /// Repeats the recorded step with this batch. False: the caller takes the
  /// step itself, as for the first three (warm-up: they train as all others),
  /// for a batch of another size, and where recording failed.
  bool replay(const Batch& batch, RunningMetrics& metrics);

  /// The step has changed (a layer was frozen, say): record anew.
  void forget();

  /// Why nothing is recorded; empty while nothing failed.
  const std::string& refusal() const { return refusal_; }

 private:
  bool fits(const Batch& batch);
  bool record(const Batch& batch);
  void adopt(RunningMetrics& metrics);

  Step step_;
  NewGraph new_graph_;
  std::unique_ptr<CudaGraph> graph_;
  Batch fixed_;          // where the recorded step reads
  RunningMetrics sums_;  // where it adds
  int64_t size_ = 0;
  int warm_up_ = 0;
  std::string refusal_;
};

}  // namespace fer
