#include "data/canvas.h"

namespace fer {

Canvas::Canvas(int size, float background)
    : size_(size),
      pixels_(static_cast<size_t>(size) * static_cast<size_t>(size),
              background) {
  set_pose({});
}

void Canvas::set_pose(const Pose& pose) {
  pose_ = pose;
  cos_ = std::cos(pose.tilt);
  sin_ = std::sin(pose.tilt);
  unit_ = 2.0f / (static_cast<float>(size_) * pose.scale);
}

Point Canvas::to_face(int x, int y) const {
  const float half = 0.5f * static_cast<float>(size_);
  const float px = ((static_cast<float>(x) + 0.5f) / half - 1 - pose_.x);
  const float py = ((static_cast<float>(y) + 0.5f) / half - 1 - pose_.y);
  return {(cos_ * px + sin_ * py) / pose_.scale,
          (cos_ * py - sin_ * px) / pose_.scale};
}

Canvas::Area Canvas::pixels_of(const Reach& reach, float margin) const {
  const float half = 0.5f * static_cast<float>(size_);
  const Point c = reach.centre;
  const float x =
      (pose_.x + pose_.scale * (cos_ * c.x - sin_ * c.y) + 1) * half;
  const float y =
      (pose_.y + pose_.scale * (sin_ * c.x + cos_ * c.y) + 1) * half;
  const float radius = (reach.radius + margin) / unit_ + 1;
  const auto clip = [&](float v) {
    return std::clamp(static_cast<int>(v), 0, size_);
  };
  return {clip(x - radius), clip(y - radius), clip(x + radius + 1),
          clip(y + radius + 1)};
}

float Stroke::operator()(Point p) const {
  float best = 1e9f;
  for (size_t i = 1; i < points.size(); ++i) {
    const Point a = points[i - 1], b = points[i];
    const float dx = b.x - a.x, dy = b.y - a.y;
    const float length = std::max(1e-12f, dx * dx + dy * dy);
    const float along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / length;
    const float t = std::clamp(along, 0.0f, 1.0f);
    const float ex = p.x - a.x - t * dx, ey = p.y - a.y - t * dy;
    best = std::min(best, ex * ex + ey * ey);
  }
  return std::sqrt(best) - radius;
}

}  // namespace fer
