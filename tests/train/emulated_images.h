// Images that lie on a GPU for everything around them: on the CPU, with the
// data kernel run there (tests/cuda/emulated).
#pragma once

#include <memory>

#include "cuda/data_kernel.h"
#include "train/device_images.h"

namespace fer {

inline std::shared_ptr<const DeviceImages> emulated_images(
    const ImageSet& images, bool channels_last) {
  return std::make_shared<const DeviceImages>(
      images, torch::kCPU, channels_last, [](const CudaBatch* batch) {
        return launch_data_kernel(*batch, nullptr);
      });
}

}  // namespace fer
