#include "train/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "data/batch.h"

namespace fer {
namespace {

// Page-locked where a GPU reads it: the CPU need not wait for the copy.
torch::TensorOptions host_memory(const torch::Device& device) {
  return torch::TensorOptions().pinned_memory(device.is_cuda());
}

// Into the memory that `to` has; it gets some the first time.
void upload(const torch::Tensor& from, const torch::Device& device,
            torch::Tensor& to) {
  if (to.defined()) {
    to.copy_(from);
  } else {
    to = from.to(device, /*non_blocking=*/false, /*copy=*/true);
  }
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
  upload_epoch();
}

void Batches::begin_epoch(uint64_t seed, uint32_t epoch,
                          const AugmentSettings& augment) {
  seed_ = seed;
  epoch_ = epoch;
  augment_ = augment;
  order_ = epoch_order(rows_.size(), seed, epoch);
  upload_epoch();
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
  if (share_.patches > 0)
    batch.visible = visible(samples).to(device_, /*non_blocking=*/true);
  return batch;
}

torch::Tensor Batches::visible(std::span<const uint32_t> samples) const {
  torch::Tensor result =
      torch::empty({static_cast<int64_t>(samples.size()), share_.visible},
                   host_memory(device_).dtype(torch::kLong));
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
  if (has_targets())
    batch.targets = targets(samples).to(device_, /*non_blocking=*/true);
  batch.images = batch.images.to(device_, /*non_blocking=*/true);
  batch.labels = batch.labels.to(device_, /*non_blocking=*/true);
  return batch;
}

Batch Batches::device_batch(int64_t begin, int64_t n) const {
  const DeviceEpoch& d = on_device_;
  Batch batch;
  batch.images = resident_->batch(d.order, changes(), begin, n);
  batch.labels = d.labels.narrow(0, begin, n);
  if (has_targets()) batch.targets = d.targets.narrow(0, begin, n);
  return batch;
}

void Batches::seek(int64_t i, int64_t times) {
  if (sought_ != i) {
    on_device_.place.copy_(torch::tensor(
        {i * batch_size_, static_cast<int64_t>(epoch_)}, torch::kLong));
  }
  sought_ = i + times;
}

Batch Batches::next() const {
  const DeviceEpoch& d = on_device_;
  const torch::Tensor first = d.place.narrow(0, 0, 1);
  const torch::Tensor at = d.offsets + first;
  Batch batch;
  batch.images = resident_->batch_at(d.order, changes(), d.place, batch_size_);
  batch.labels = d.labels.index_select(0, at);
  if (has_targets()) batch.targets = d.targets.index_select(0, at);
  first.add_(batch_size_);
  return batch;
}

void Batches::upload_epoch() {
  if (!resident_) return;
  sought_ = -1;
  DeviceEpoch& d = on_device_;
  if (!d.place.defined()) {
    upload(torch::tensor(rows_, torch::kLong), device_, d.order.rows);
    upload(torch::zeros({2}, torch::kLong), device_, d.place);
    upload(torch::arange(batch_size_, torch::kLong), device_, d.offsets);
  }
  const std::vector<int32_t> order(order_.begin(), order_.end());
  upload(torch::tensor(order, torch::kInt), device_, d.order.order);
  upload(row_labels(order_), device_, d.labels);
  if (has_targets()) upload(targets(order_), device_, d.targets);
  if (augment_.mixup > 0) upload_pairs();
}

void Batches::upload_pairs() {
  std::vector<int32_t> partners;
  std::vector<float> shares;
  for (const uint32_t sample : order_) {
    const MixPair pair = pair_of(sample);
    partners.push_back(static_cast<int32_t>(pair.partner));
    shares.push_back(pair.share);
  }
  upload(torch::tensor(partners, torch::kInt), device_,
         on_device_.order.partners);
  upload(torch::tensor(shares), device_, on_device_.order.shares);
}

MixPair Batches::pair_of(uint32_t sample) const {
  return mix_pair(augment_.mixup, seed_, epoch_, sample,
                  static_cast<uint32_t>(rows_.size()));
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
  const torch::Tensor result = torch::zeros(
      {static_cast<int64_t>(samples.size()), static_cast<int64_t>(classes)},
      host_memory(device_));
  float* row = result.data_ptr<float>();
  for (const uint32_t sample : samples) {
    if (augment_.mixup > 0) {
      const auto [partner, share] = pair_of(sample);
      add_target(sample, share, row);
      add_target(partner, 1 - share, row);
    } else {
      add_target(sample, 1, row);
    }
    row += classes;
  }
  return result;
}

// A sample's label, hard or soft, with this weight.
void Batches::add_target(uint32_t sample, float share, float* row) const {
  const size_t classes = images_.class_names.size();
  const auto at = static_cast<size_t>(rows_[sample]);
  if (images_.targets.empty()) {
    row[static_cast<size_t>(images_.labels[at])] += share;
    return;
  }
  for (size_t c = 0; c < classes; ++c)
    row[c] += share * images_.targets[at * classes + c];
}

std::vector<int64_t> Batches::labels() const {
  std::vector<int64_t> result;
  for (const int64_t row : rows_) {
    result.push_back(images_.labels[static_cast<size_t>(row)]);
  }
  return result;
}

}  // namespace fer
