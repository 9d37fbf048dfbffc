// How well two pictures agree once one is laid over the other: the measure that
// decides whether they are near twins.
#pragma once

#include <cstdint>

namespace fer {

/// Pearson's correlation of a(x, y) and b(x + dx, y + dy) over the pixels that
/// lie in both pictures (48 x 48, gray). 0 where either has a standard
/// deviation below 4 of 255 there: nearly blank pictures prove nothing.
float shifted_correlation(const uint8_t* a, const uint8_t* b, int dx, int dy);

/// Where b must be read: pixel (x, y) of a, counted from the middle of the
/// picture, is (zoom x + dx, zoom y + dy) of b.
struct Fit {
  float correlation = 0;
  float zoom = 1;
  float dx = 0, dy = 0;
};

/// Starts at a whole shift and moves b by parts of pixels and per cents of size
/// (Gauss and Newton's steps for shift, zoom, gain and bias on the squared
/// difference, b bilinear), until the correlation grows no more. The result
/// correlates at least as well as the start. |zoom - 1| <= 0.2,
/// |dx|, |dy| <= max_shift + 2.
Fit fit_pictures(const uint8_t* a, const uint8_t* b, int dx, int dy,
                 int max_shift);

}  // namespace fer
