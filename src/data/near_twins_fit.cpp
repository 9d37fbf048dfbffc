#include "data/near_twins_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "data/perceptual_hash.h"

namespace fer {
namespace {

constexpr int64_t kLeastVariance = 16;  // of 255^2
constexpr float kMiddle = 0.5f * (kPictureSide - 1);
constexpr float kMostZoom = 0.2f;
constexpr int kSteps = 8;
constexpr float kLeastGain = 1e-4f;

// A value of b between its pixels, and how it changes there.
struct Sample {
  float value, along_x, along_y;
};

// False outside of the picture.
bool read(const uint8_t* picture, float x, float y, Sample& out) {
  if (!(x >= 0 && y >= 0 && x < kPictureSide - 1 && y < kPictureSide - 1))
    return false;
  const int column = static_cast<int>(x), row = static_cast<int>(y);
  const float fx = x - static_cast<float>(column);
  const float fy = y - static_cast<float>(row);
  const uint8_t* p = picture + row * kPictureSide + column;
  const float p00 = p[0], p01 = p[1];
  const float p10 = p[kPictureSide], p11 = p[kPictureSide + 1];
  const float upper = p00 + fx * (p01 - p00), lower = p10 + fx * (p11 - p10);
  out.value = upper + fy * (lower - upper);
  out.along_x = (1 - fy) * (p01 - p00) + fy * (p11 - p10);
  out.along_y = lower - upper;
  return true;
}

// Calls use(pixel of a, sample of b, u, v) for pixels that lie in both.
template <class Use>
void overlay(const uint8_t* a, const uint8_t* b, const Fit& fit, int stride,
             const Use& use) {
  for (int y = 0; y < kPictureSide; y += stride) {
    const float v = static_cast<float>(y) - kMiddle;
    for (int x = 0; x < kPictureSide; x += stride) {
      const float u = static_cast<float>(x) - kMiddle;
      Sample sample;
      if (read(b, fit.zoom * u + fit.dx + kMiddle,
               fit.zoom * v + fit.dy + kMiddle, sample))
        use(static_cast<float>(a[y * kPictureSide + x]), sample, u, v);
    }
  }
}

// Sums from which a correlation and a straight line come.
struct Moments {
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;

  void add(double p, double q) {
    ++n;
    a += p;
    b += q;
    aa += p * p;
    bb += q * q;
    ab += p * q;
  }
  double variance_a() const { return aa / n - a / n * (a / n); }
  double variance_b() const { return bb / n - b / n * (b / n); }
  double covariance() const { return ab / n - a / n * (b / n); }
  float correlation() const {
    const auto least = static_cast<double>(kLeastVariance);
    if (n == 0 || variance_a() < least || variance_b() < least) return 0;
    return static_cast<float>(covariance() /
                              std::sqrt(variance_a() * variance_b()));
  }
};

Moments moments(const uint8_t* a, const uint8_t* b, const Fit& fit,
                int stride) {
  Moments sums;
  overlay(a, b, fit, stride, [&](float p, const Sample& s, float, float) {
    sums.add(p, s.value);
  });
  return sums;
}

// One step on every second pixel: the least squares of
// a - gain b(zoom, dx, dy) - bias in all five.
void step(const uint8_t* a, const uint8_t* b, const Moments& sums,
          int max_shift, Fit& fit) {
  using Vector5 = Eigen::Matrix<float, 5, 1>;
  const auto gain = static_cast<float>(sums.covariance() / sums.variance_b());
  const float bias = static_cast<float>((sums.a - gain * sums.b) / sums.n);
  Eigen::Matrix<float, 5, 5> normal = Eigen::Matrix<float, 5, 5>::Zero();
  Vector5 right = Vector5::Zero();
  overlay(a, b, fit, 2, [&](float p, const Sample& s, float u, float v) {
    const float slope[5] = {gain * s.along_x, gain * s.along_y,
                            gain * (s.along_x * u + s.along_y * v), s.value, 1};
    const float rest = p - gain * s.value - bias;
    for (int i = 0; i < 5; ++i) {
      for (int k = 0; k <= i; ++k) normal(i, k) += slope[i] * slope[k];
      right[i] += slope[i] * rest;
    }
  });
  const Vector5 change =
      normal.selfadjointView<Eigen::Lower>().ldlt().solve(right);
  if (!change.allFinite()) return;
  const auto most = static_cast<float>(max_shift + 2);
  fit.dx = std::clamp(fit.dx + change[0], -most, most);
  fit.dy = std::clamp(fit.dy + change[1], -most, most);
  fit.zoom = std::clamp(fit.zoom + change[2], 1 - kMostZoom, 1 + kMostZoom);
}

}  // namespace

float shifted_correlation(const uint8_t* a, const uint8_t* b, int dx, int dy) {
  const int left = std::max(0, -dx), right = kPictureSide - std::max(0, dx);
  const int top = std::max(0, -dy), bottom = kPictureSide - std::max(0, dy);
  int64_t sum_a = 0, sum_b = 0, square_a = 0, square_b = 0, product = 0;
  for (int y = top; y < bottom; ++y) {
    const uint8_t* row_a = a + y * kPictureSide;
    const uint8_t* row_b = b + (y + dy) * kPictureSide + dx;
    int32_t sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    for (int x = left; x < right; ++x) {
      const int32_t p = row_a[x], q = row_b[x];
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
    sum_a += sa;
    sum_b += sb;
    square_a += saa;
    square_b += sbb;
    product += sab;
  }
  const int64_t n = int64_t{right - left} * (bottom - top);
  const int64_t variance_a = n * square_a - sum_a * sum_a;
  const int64_t variance_b = n * square_b - sum_b * sum_b;
  const int64_t least = kLeastVariance * n * n;
  if (variance_a < least || variance_b < least) return 0;
  return static_cast<float>(static_cast<double>(n * product - sum_a * sum_b) /
                            std::sqrt(static_cast<double>(variance_a) *
                                      static_cast<double>(variance_b)));
}

Fit fit_pictures(const uint8_t* a, const uint8_t* b, int dx, int dy,
                 int max_shift) {
  Fit best;
  best.dx = static_cast<float>(dx);
  best.dy = static_cast<float>(dy);
  best.correlation = shifted_correlation(a, b, dx, dy);
  Fit now = best, reached = best;
  Moments sums = moments(a, b, now, 2);
  float before = sums.correlation();
  for (int i = 0; i < kSteps && before > 0; ++i) {
    step(a, b, sums, max_shift, now);
    sums = moments(a, b, now, 2);
    const float after = sums.correlation();
    if (after <= before) break;
    reached = now;
    if (after < before + kLeastGain) break;
    before = after;
  }
  reached.correlation = moments(a, b, reached, 1).correlation();
  return reached.correlation > best.correlation ? reached : best;
}

}  // namespace fer
