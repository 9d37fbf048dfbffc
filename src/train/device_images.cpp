#include "train/device_images.h"

#include <ATen/ATen.h>

#include "core/error.h"
#include "cuda/backend.h"

namespace fer {
namespace {

int64_t bytes_of(const ImageSet& images) {
  return static_cast<int64_t>(images.size() * images.image_bytes());
}

}  // namespace

DeviceImages::DeviceImages(const ImageSet& images, const torch::Device& device,
                           bool channels_last, MakeBatch make_batch)
    : channels_last_(channels_last), make_batch_(make_batch) {
  const auto size = [](size_t n) { return static_cast<int64_t>(n); };
  // Only read: the copy to the device is the first use.
  const torch::Tensor host =
      at::from_blob(const_cast<uint8_t*>(images.pixels),
                    {size(images.size()), size(images.channels),
                     size(images.height), size(images.width)},
                    torch::kByte);
  bytes_ = host.to(device, /*non_blocking=*/false, /*copy=*/true);
}

std::shared_ptr<const DeviceImages> DeviceImages::place(
    const ImageSet& images, const torch::Device& device, bool channels_last) {
  if (!device.is_cuda()) return nullptr;
  if (bytes_of(images) > cuda_module().free_bytes() / 2) return nullptr;
  return std::make_shared<const DeviceImages>(images, device, channels_last,
                                              cuda_module().make_batch);
}

torch::Tensor DeviceImages::batch(const DeviceOrder& order,
                                  const DeviceChanges& changes, int64_t first,
                                  int64_t n) const {
  CudaBatch batch{.n = n};
  batch.place = {first, changes.epoch};
  return make(batch, order, changes);
}

torch::Tensor DeviceImages::batch_at(const DeviceOrder& order,
                                     const DeviceChanges& changes,
                                     const torch::Tensor& place,
                                     int64_t n) const {
  static_assert(sizeof(BatchPlace) == 2 * sizeof(int64_t));
  CudaBatch batch{.n = n};
  batch.moving =
      reinterpret_cast<const BatchPlace*>(place.const_data_ptr<int64_t>());
  return make(batch, order, changes);
}

torch::Tensor DeviceImages::make(CudaBatch batch, const DeviceOrder& order,
                                 const DeviceChanges& changes) const {
  const auto shape = bytes_.sizes();
  const torch::Tensor out = torch::empty(
      {batch.n, shape[1], shape[2], shape[3]},
      bytes_.options()
          .dtype(torch::kFloat)
          .memory_format(channels_last_ ? at::MemoryFormat::ChannelsLast
                                        : at::MemoryFormat::Contiguous));
  batch.images = bytes_.const_data_ptr<uint8_t>();
  batch.rows = order.rows.const_data_ptr<int64_t>();
  batch.order = order.order.const_data_ptr<int32_t>();
  if (changes.augment.mixup > 0) {
    batch.partners = order.partners.const_data_ptr<int32_t>();
    batch.shares = order.shares.const_data_ptr<float>();
  }
  batch.channels = static_cast<int>(shape[1]);
  batch.height = static_cast<int>(shape[2]);
  batch.width = static_cast<int>(shape[3]);
  batch.augment = changes.augment;
  batch.seed = changes.seed;
  batch.channels_last = channels_last_;
  batch.out = out.mutable_data_ptr<float>();
  if (const char* error = make_batch_(&batch)) {
    fail<Error>(
        "[data] expected a batch of {} images from the GPU; got '{}'. Take "
        "--device cpu, or see `ferbench doctor`.",
        batch.n, error);
  }
  return out;
}

std::string describe_data(const DeviceImages* resident,
                          const ImageSet& images) {
  const double mib = static_cast<double>(bytes_of(images)) / (1 << 20);
  if (resident) return fmt::format("data: {:.1f} MiB on the GPU", mib);
  return fmt::format(
      "data: {:.1f} MiB do not fit into half of the free GPU memory; batches "
      "are sent",
      mib);
}

}  // namespace fer
