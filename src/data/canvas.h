// A small anti-aliasing rasteriser: shapes are signed distances in the plane of
// the face, painted on a square canvas of floats.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace fer {

struct Point {
  float x = 0, y = 0;
};

/// Where the face lies in the picture. Face units: y downwards, the face about
/// 2 high, its centre at 0.
struct Pose {
  float x = 0, y = 0;  ///< centre, of half the picture's side
  float scale = 0.7f;  ///< half the picture's sides per face unit
  float tilt = 0;      ///< radians, clockwise
};

/// A circle that holds all of a shape: only its pixels are looked at.
struct Reach {
  Point centre;
  float radius = 0;
};

/// Gray picture [size, size], 0 black to 1 white.
class Canvas {
 public:
  Canvas(int size, float background);

  void set_pose(const Pose& pose);

  /// Lays `gray` with `opacity` over the points within `reach` where
  /// distance(p) < 0 (face units); the edge is one pixel wide. With softness >
  /// 0 it is that many face units wide.
  template <class Distance>
  void paint(const Reach& reach, const Distance& distance, float gray,
             float opacity = 1, float softness = 0) {
    const float edge = std::max(unit_, softness);
    const Area area = pixels_of(reach, edge);
    for (int y = area.top; y < area.bottom; ++y) {
      for (int x = area.left; x < area.right; ++x) {
        const float d = distance(to_face(x, y));
        const float cover = std::clamp(0.5f - d / edge, 0.0f, 1.0f) * opacity;
        float& pixel = pixels_[static_cast<size_t>(y * size_ + x)];
        pixel += (gray - pixel) * cover;
      }
    }
  }

  int size() const { return size_; }
  std::vector<float>& pixels() { return pixels_; }

 private:
  struct Area {
    int left, top, right, bottom;
  };
  Area pixels_of(const Reach& reach, float margin) const;
  Point to_face(int x, int y) const;

  int size_;
  float unit_ = 1;  ///< face units per pixel
  Pose pose_;
  float cos_ = 1, sin_ = 0;
  std::vector<float> pixels_;
};

/// Distance to an axis-parallel ellipse; exact on its edge, fair elsewhere.
struct Ellipse {
  Point centre, radius;
  float operator()(Point p) const {
    const float x = (p.x - centre.x) / radius.x;
    const float y = (p.y - centre.y) / radius.y;
    return (std::sqrt(x * x + y * y) - 1) * std::min(radius.x, radius.y);
  }
};

/// Distance to an axis-parallel box.
struct Box {
  Point centre, half;
  float operator()(Point p) const {
    return std::max(std::fabs(p.x - centre.x) - half.x,
                    std::fabs(p.y - centre.y) - half.y);
  }
};

/// Distance to a stroke of half-width `radius` along straight pieces.
struct Stroke {
  std::vector<Point> points;
  float radius;
  float operator()(Point p) const;
};

/// What lies between two curves over |x - centre| < half_width.
template <class Upper, class Lower>
struct Between {
  float centre, half_width;
  Upper upper;
  Lower lower;
  float operator()(Point p) const {
    const float x = p.x - centre;
    const float side = std::fabs(x) - half_width;
    if (side > 0) return side;
    return std::max(upper(x) - p.y, p.y - lower(x));
  }
};

}  // namespace fer
