// The arithmetic of augmentation, written once for the CPU and for CUDA
// kernels. Only +, -, *, / and floor, each rounded once: compile it without
// fused multiply-add (-ffp-contract=off, nvcc --fmad=false) and both sides
// agree to the bit.
#pragma once

#include <cmath>
#include <cstdint>

#include "core/philox.h"

namespace fer {

/// What happens to one image. Output pixel (x, y), relative to the centre,
/// reads the input at (a x + b y + tx, c x + d y + ty), bilinear, edge pixels
/// repeated; then value * gain + bias (of full scale 1), clamped to [0, 1];
/// pixels inside the cut square are 0.
struct AugmentPlan {
  float a = 1, b = 0, c = 0, d = 1, tx = 0, ty = 0;
  float gain = 1, bias = 0;
  int cut_x = 0, cut_y = 0, cut_size = 0;
  bool identity =
      true;  ///< geometry changes nothing: copy instead of interpolating
};

/// The settings as a kernel takes them.
struct AugmentSettings {
  float horizontal_flip = 0, shift = 0, rotation = 0, zoom = 0, brightness = 0,
        contrast = 0;
  float cutout_probability = 0;
  int cutout_size = 0;
  bool any = false;  ///< one of the above changes images
  /// Beta's parameter of mixup (data/mixup.h); 0: none. Pairs are drawn by the
  /// CPU alone.
  float mixup = 0;
};

/// A value of two mixed images; rest = 1 - share.
FER_HD inline float mixed(float share, float own, float rest, float partner) {
  return share * own + rest * partner;
}

/// Sine and cosine of an angle in degrees within 1e-6; exact at multiples of
/// 90. Not the library's: those differ between CPU and GPU in the last bit.
FER_HD inline void sin_cos_degrees(float degrees, float& sine, float& cosine) {
  const float quarters = degrees / 90.0f;
  const float nearest_quarter = floorf(quarters + 0.5f);
  const float x = (quarters - nearest_quarter) * 1.57079632679f;
  const float x2 = x * x;
  const float s =
      x * (1.0f + x2 * (-1.0f / 6 + x2 * (1.0f / 120 + x2 * (-1.0f / 5040 +
                                                             x2 / 362880.0f))));
  const float c =
      1.0f + x2 * (-0.5f +
                   x2 * (1.0f / 24 + x2 * (-1.0f / 720 + x2 * (1.0f / 40320))));
  const int quadrant = static_cast<int>(nearest_quarter) & 3;
  sine = quadrant == 0 ? s : quadrant == 1 ? c : quadrant == 2 ? -s : -c;
  cosine = quadrant == 0 ? c : quadrant == 1 ? -s : quadrant == 2 ? -c : s;
}

/// The plan of one sample in one epoch. Always ten draws in the same order, so
/// that one setting never shifts the random numbers of another. Contrast turns
/// about mid-grey; the cut square lies inside the image.
FER_HD inline AugmentPlan plan(const AugmentSettings& settings, uint64_t seed,
                               uint32_t epoch, uint32_t sample, int height,
                               int width) {
  Philox random(seed, epoch, sample, Purpose::kAugment);
  const bool flip = random.uniform() < settings.horizontal_flip;
  const float shift_x = random.uniform(-settings.shift, settings.shift);
  const float shift_y = random.uniform(-settings.shift, settings.shift);
  const float angle = random.uniform(-settings.rotation, settings.rotation);
  const float zoom = random.uniform(1 - settings.zoom, 1 + settings.zoom);
  const float brightness =
      random.uniform(-settings.brightness, settings.brightness);
  const float gain =
      random.uniform(1 - settings.contrast, 1 + settings.contrast);
  const bool cut = random.uniform() < settings.cutout_probability;
  const int shorter = height < width ? height : width;
  const int side =
      settings.cutout_size < shorter ? settings.cutout_size : shorter;
  const uint32_t left = random.below(static_cast<uint32_t>(width - side + 1));
  const uint32_t top = random.below(static_cast<uint32_t>(height - side + 1));

  float sine, cosine;
  sin_cos_degrees(angle, sine, cosine);
  AugmentPlan result;
  // The image turned by +angle and grown by zoom: the way back is turned by
  // -angle and divided.
  result.a = (flip ? -cosine : cosine) / zoom;
  result.b = sine / zoom;
  result.c = (flip ? sine : -sine) / zoom;
  result.d = cosine / zoom;
  result.tx = shift_x * static_cast<float>(width);
  result.ty = shift_y * static_cast<float>(height);
  result.gain = gain;
  result.bias = brightness + 0.5f * (1.0f - gain);
  result.cut_x = static_cast<int>(left);
  result.cut_y = static_cast<int>(top);
  result.cut_size = cut ? side : 0;
  result.identity =
      !flip && shift_x == 0 && shift_y == 0 && angle == 0 && zoom == 1;
  return result;
}

/// Bilinear value of one channel at (x, y), edge pixels repeated; 0..255.
FER_HD inline float sample_plane(const uint8_t* plane, int height, int width,
                                 float x, float y) {
  const float right = static_cast<float>(width - 1);
  const float bottom = static_cast<float>(height - 1);
  x = x > 0 ? (x < right ? x : right) : 0;
  y = y > 0 ? (y < bottom ? y : bottom) : 0;
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const int x1 = x0 + 1 < width ? x0 + 1 : x0;
  const int y1 = y0 + 1 < height ? y0 + 1 : y0;
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  const uint8_t* upper = plane + static_cast<int64_t>(y0) * width;
  const uint8_t* lower = plane + static_cast<int64_t>(y1) * width;
  const float u00 = upper[x0], u01 = upper[x1], u10 = lower[x0],
              u11 = lower[x1];
  const float above = u00 + fx * (u01 - u00);
  const float below = u10 + fx * (u11 - u10);
  return above + fy * (below - above);
}

/// Value in [0, 1] of output pixel (x, y) of one channel `plane` [H, W].
FER_HD inline float pixel(const AugmentPlan& plan, const uint8_t* plane,
                          int height, int width, int x, int y) {
  if (x >= plan.cut_x && x < plan.cut_x + plan.cut_size && y >= plan.cut_y &&
      y < plan.cut_y + plan.cut_size) {
    return 0;
  }
  float value;
  if (plan.identity) {
    value = plane[static_cast<int64_t>(y) * width + x];
  } else {
    const float centre_x = 0.5f * static_cast<float>(width - 1);
    const float centre_y = 0.5f * static_cast<float>(height - 1);
    const float u = static_cast<float>(x) - centre_x;
    const float v = static_cast<float>(y) - centre_y;
    value = sample_plane(plane, height, width,
                         plan.a * u + plan.b * v + plan.tx + centre_x,
                         plan.c * u + plan.d * v + plan.ty + centre_y);
  }
  value = value / 255.0f * plan.gain + plan.bias;
  return value > 0 ? (value < 1 ? value : 1) : 0;
}

}  // namespace fer
