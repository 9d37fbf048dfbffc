#include "data/augment.h"

namespace fer {

AugmentSettings augment_settings(const AugmentConfig& config) {
  AugmentSettings settings;
  settings.horizontal_flip = static_cast<float>(config.horizontal_flip);
  settings.shift = static_cast<float>(config.shift);
  settings.rotation = static_cast<float>(config.rotation);
  settings.zoom = static_cast<float>(config.zoom);
  settings.brightness = static_cast<float>(config.brightness);
  settings.contrast = static_cast<float>(config.contrast);
  settings.cutout_probability = static_cast<float>(config.cutout_probability);
  settings.cutout_size = config.cutout_size;
  settings.any = config.horizontal_flip > 0 || config.shift > 0 ||
                 config.rotation > 0 || config.zoom > 0 ||
                 config.brightness > 0 || config.contrast > 0 ||
                 config.cutout_probability > 0;
  settings.mixup = static_cast<float>(config.mixup);
  return settings;
}

void apply(const AugmentPlan& plan, const uint8_t* image, int channels,
           int height, int width, float* out) {
  for (int channel = 0; channel < channels; ++channel) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        *out++ = pixel(plan, image, height, width, x, y);
      }
    }
    image += static_cast<int64_t>(height) * width;
  }
}

}  // namespace fer
