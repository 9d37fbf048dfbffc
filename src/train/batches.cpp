#include "train/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "data/batch.h"

namespace fer {

namespace {

// Page-locked where a GPU reads it: the copy then runs beside the work there.
torch::TensorOptions host_memory(const torch::Device& device) {
  return torch::TensorOptions().pinned_memory(device.is_cuda());
}

}  // namespace

Batches::Batches(const ImageSet& images, std::vector<int64_t> rows,
                 int64_t batch_size, torch::Device device,
                 std::shared_ptr<const DeviceImages> resident)
    : images_(images),
      rows_(std::move(rows)),
      order_(rows_.size()),
      batch_size_(batch_size),
      device_(device),
      resident_(std::move(resident)) {
  std::iota(order_.begin(), order_.end(), 0u);
  upload_order();
}

void Batches::begin_epoch(uint64_t seed, uint32_t epoch,
                          const AugmentSettings& augment) {
  seed_ = seed;
  epoch_ = epoch;
  augment_ = augment;
  order_ = epoch_order(rows_.size(), seed, epoch);
  upload_order();
}

int64_t Batches::count() const {
  return (samples() + batch_size_ - 1) / batch_size_;
}

Batch Batches::get(int64_t i) const {
  const int64_t begin = i * batch_size_;
  const int64_t n = std::min(batch_size_, samples() - begin);
  const std::span<const uint32_t> samples = std::span(order_).subspan(
      static_cast<size_t>(begin), static_cast<size_t>(n));
  Batch batch = resident_ ? device_batch(begin, n) : host_batch(samples);
  if (share_.patches > 0) batch.visible = visible(samples).to(device_);
  return batch;
}

torch::Tensor Batches::visible(std::span<const uint32_t> samples) const {
  torch::Tensor result = torch::empty(
      {static_cast<int64_t>(samples.size()), share_.visible}, torch::kLong);
  int64_t* out = result.data_ptr<int64_t>();
  const auto count = static_cast<size_t>(share_.visible);
  for (const uint32_t sample : samples) {
    choose_patches(share_.patches, seed_, epoch_, sample, {out, count});
    out += count;
  }
  return result;
}

Batch Batches::host_batch(std::span<const uint32_t> samples) const {
  Batch batch;
  batch.images = torch::empty({static_cast<int64_t>(samples.size()),
                               static_cast<int64_t>(images_.channels),
                               static_cast<int64_t>(images_.height),
                               static_cast<int64_t>(images_.width)},
                              host_memory(device_));
  fill_batch(images_, rows_, samples, augment_, seed_, epoch_,
             batch.images.data_ptr<float>());
  batch.labels = row_labels(samples);
  if (!images_.targets.empty()) batch.targets = targets(samples).to(device_);
  batch.images = batch.images.to(device_, /*non_blocking=*/true);
  batch.labels = batch.labels.to(device_, /*non_blocking=*/true);
  return batch;
}

Batch Batches::device_batch(int64_t begin, int64_t n) const {
  const DeviceOrder& d = on_device_;
  Batch batch;
  batch.images = resident_->batch(d.rows, d.order.narrow(0, begin, n), augment_,
                                  seed_, epoch_);
  batch.labels = d.labels.narrow(0, begin, n);
  if (d.targets.defined()) batch.targets = d.targets.narrow(0, begin, n);
  return batch;
}

void Batches::upload_order() {
  if (!resident_) return;
  const std::span<const uint32_t> samples = order_;
  const std::vector<int32_t> order(samples.begin(), samples.end());
  if (!on_device_.rows.defined()) {
    on_device_.rows = torch::tensor(rows_, torch::kLong).to(device_);
  }
  on_device_.order = torch::tensor(order, torch::kInt).to(device_);
  on_device_.labels = row_labels(samples).to(device_);
  if (!images_.targets.empty())
    on_device_.targets = targets(samples).to(device_);
}

torch::Tensor Batches::row_labels(std::span<const uint32_t> samples) const {
  const torch::Tensor result =
      torch::empty({static_cast<int64_t>(samples.size())},
                   host_memory(device_).dtype(torch::kLong));
  int64_t* labels = result.data_ptr<int64_t>();
  for (const uint32_t sample : samples)
    *labels++ = images_.labels[static_cast<size_t>(rows_[sample])];
  return result;
}

torch::Tensor Batches::targets(std::span<const uint32_t> samples) const {
  const size_t classes = images_.class_names.size();
  torch::Tensor result = torch::empty(
      {static_cast<int64_t>(samples.size()), static_cast<int64_t>(classes)});
  float* out = result.data_ptr<float>();
  for (const uint32_t sample : samples) {
    const auto row = static_cast<size_t>(rows_[sample]);
    out = std::copy_n(images_.targets.data() + row * classes, classes, out);
  }
  return result;
}

std::vector<int64_t> Batches::labels() const {
  std::vector<int64_t> result;
  for (const int64_t row : rows_) {
    result.push_back(images_.labels[static_cast<size_t>(row)]);
  }
  return result;
}

}  // namespace fer
