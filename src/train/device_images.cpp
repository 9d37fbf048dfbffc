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

std::shared_ptr<const DeviceImages> DeviceImages::place(
    const ImageSet& images, const torch::Device& device, bool channels_last) {
  if (!device.is_cuda()) return nullptr;
  if (bytes_of(images) > cuda_module().free_bytes() / 2) return nullptr;
  const auto size = [](size_t n) { return static_cast<int64_t>(n); };
  // Only read: the copy to the device is the first use.
  const torch::Tensor host =
      at::from_blob(const_cast<uint8_t*>(images.pixels),
                    {size(images.size()), size(images.channels),
                     size(images.height), size(images.width)},
                    torch::kByte);
  return std::shared_ptr<const DeviceImages>(
      new DeviceImages(host.to(device), channels_last));
}

torch::Tensor DeviceImages::batch(const torch::Tensor& rows,
                                  const torch::Tensor& order,
                                  const AugmentSettings& augment, uint64_t seed,
                                  uint32_t epoch) const {
  const auto shape = bytes_.sizes();
  const int64_t n = order.size(0);
  const torch::Tensor out = torch::empty(
      {n, shape[1], shape[2], shape[3]},
      bytes_.options()
          .dtype(torch::kFloat)
          .memory_format(channels_last_ ? at::MemoryFormat::ChannelsLast
                                        : at::MemoryFormat::Contiguous));
  const CudaBatch batch{.images = bytes_.const_data_ptr<uint8_t>(),
                        .rows = rows.const_data_ptr<int64_t>(),
                        .order = order.const_data_ptr<int32_t>(),
                        .n = n,
                        .channels = static_cast<int>(shape[1]),
                        .height = static_cast<int>(shape[2]),
                        .width = static_cast<int>(shape[3]),
                        .augment = augment,
                        .seed = seed,
                        .epoch = epoch,
                        .channels_last = channels_last_,
                        .out = out.mutable_data_ptr<float>()};
  if (const char* error = cuda_module().make_batch(&batch)) {
    fail<Error>(
        "[data] expected a batch of {} images from the GPU; got '{}'. Take "
        "--device cpu, or see `ferbench doctor`.",
        n, error);
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
