#include "train/graphed_step.h"

#include <ATen/ATen.h>

#include <utility>

namespace fer {
namespace {

// Libraries choose their kernels and take their memory in the first steps.
constexpr int kWarmUpSteps = 3;

torch::Tensor copy_of(const torch::Tensor& x) {
  return x.defined() ? x.clone() : x;
}

// The first line: torch adds a stack trace.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

GraphedStep::GraphedStep(Step step, NewGraph new_graph)
    : step_(std::move(step)), new_graph_(std::move(new_graph)) {}

bool GraphedStep::replay(const Batch& batch, RunningMetrics& metrics) {
  if (!refusal_.empty() || !fits(batch)) return false;
  if (!graph_) {
    if (warm_up_ < kWarmUpSteps) {
      ++warm_up_;
      return false;
    }
    if (!record(batch)) return false;
  }
  fixed_.images.copy_(batch.images);
  fixed_.labels.copy_(batch.labels);
  if (batch.targets.defined()) fixed_.targets.copy_(batch.targets);
  if (batch.visible.defined()) fixed_.visible.copy_(batch.visible);
  adopt(metrics);
  graph_->replay();
  metrics.samples += size_;
  return true;
}

void GraphedStep::forget() {
  graph_.reset();
  warm_up_ = 0;
}

// The first batch sets the size; the last of an epoch may be smaller.
bool GraphedStep::fits(const Batch& batch) {
  if (size_ == 0) size_ = batch.labels.size(0);
  return batch.labels.size(0) == size_;
}

bool GraphedStep::record(const Batch& batch) {
  fixed_ = {copy_of(batch.images), copy_of(batch.labels),
            copy_of(batch.targets), copy_of(batch.visible)};
  sums_ = RunningMetrics::zero(batch.labels.device());
  graph_ = new_graph_();
  try {
    graph_->record([this] { step_(fixed_, sums_); });
    return true;
  } catch (const std::exception& error) {
    refusal_ = first_line(error.what());
    graph_.reset();
    return false;
  }
}

// The recorded step adds where it was recorded: an epoch's sums move there.
void GraphedStep::adopt(RunningMetrics& metrics) {
  if (metrics.loss_sum.is_same(sums_.loss_sum)) return;
  if (metrics.loss_sum.defined()) {
    sums_.loss_sum.copy_(metrics.loss_sum);
    sums_.correct_sum.copy_(metrics.correct_sum);
  } else {
    sums_.loss_sum.zero_();
    sums_.correct_sum.zero_();
  }
  metrics.loss_sum = sums_.loss_sum;
  metrics.correct_sum = sums_.correct_sum;
}

}  // namespace fer
