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

GraphedStep::GraphedStep(Work work, torch::Device device, NewGraph new_graph)
    : work_(std::move(work)),
      device_(device),
      new_graph_(std::move(new_graph)) {}

bool GraphedStep::ready() {
  if (graph_) return true;
  if (!refusal_.empty()) return false;
  return ++warm_up_ > kWarmUpSteps && record();
}

void GraphedStep::replay(int64_t samples, RunningMetrics& metrics) {
  adopt(metrics);
  graph_->replay();
  metrics.samples += samples;
}

void GraphedStep::forget() {
  graph_.reset();
  warm_up_ = 0;
}

bool GraphedStep::record() {
  sums_ = RunningMetrics::zero(device_);
  graph_ = new_graph_();
  try {
    graph_->record([this] { work_(sums_); });
    return true;
  } catch (const std::exception& error) {
    refusal_ = first_line(error.what());
    graph_.reset();
    return false;
  }
}

// The recorded steps add where they were recorded: an epoch's sums move there.
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

bool FixedBatch::fits(const Batch& batch) {
  if (!batch_.labels.defined()) {
    batch_ = {copy_of(batch.images), copy_of(batch.labels),
              copy_of(batch.targets), copy_of(batch.visible)};
  }
  return batch.labels.size(0) == batch_.labels.size(0);
}

void FixedBatch::put(const Batch& batch) {
  batch_.images.copy_(batch.images);
  batch_.labels.copy_(batch.labels);
  if (batch.targets.defined()) batch_.targets.copy_(batch.targets);
  if (batch.visible.defined()) batch_.visible.copy_(batch.visible);
}

}  // namespace fer
