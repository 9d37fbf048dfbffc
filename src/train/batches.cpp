#include "train/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "data/batch.h"

namespace fer {

Batches::Batches(const ImageSet& images, std::vector<int64_t> rows,
                 int64_t batch_size, torch::Device device)
    : images_(images),
      rows_(std::move(rows)),
      order_(rows_.size()),
      batch_size_(batch_size),
      device_(device) {
  std::iota(order_.begin(), order_.end(), 0u);
}

void Batches::begin_epoch(uint64_t seed, uint32_t epoch,
                          const AugmentSettings& augment) {
  seed_ = seed;
  epoch_ = epoch;
  augment_ = augment;
  order_ = epoch_order(rows_.size(), seed, epoch);
}

int64_t Batches::count() const {
  return (samples() + batch_size_ - 1) / batch_size_;
}

Batch Batches::get(int64_t i) const {
  const int64_t begin = i * batch_size_;
  const int64_t n = std::min(batch_size_, samples() - begin);
  const std::span<const uint32_t> samples = std::span(order_).subspan(
      static_cast<size_t>(begin), static_cast<size_t>(n));
  Batch batch;
  batch.images = torch::empty({n, static_cast<int64_t>(images_.channels),
                               static_cast<int64_t>(images_.height),
                               static_cast<int64_t>(images_.width)});
  batch.labels = torch::empty({n}, torch::kLong);
  fill_batch(images_, rows_, samples, augment_, seed_, epoch_,
             batch.images.data_ptr<float>());
  int64_t* labels = batch.labels.data_ptr<int64_t>();
  for (size_t k = 0; k < samples.size(); ++k) {
    labels[k] = images_.labels[static_cast<size_t>(rows_[samples[k]])];
  }
  if (!images_.targets.empty()) batch.targets = targets(samples).to(device_);
  batch.images = batch.images.to(device_);
  batch.labels = batch.labels.to(device_);
  return batch;
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
