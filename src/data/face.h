// One drawn face: what it looks like, and its picture.
#pragma once

#include <cstdint>
#include <vector>

#include "config/sections.h"
#include "core/philox.h"
#include "data/canvas.h"

namespace fer {

/// In the order of synthetic_emotions().
enum class Emotion {
  kAngry,
  kDisgust,
  kFear,
  kHappy,
  kNeutral,
  kSad,
  kSurprise
};

/// What muscles do, in face units; 0 (eye: 1) is a face at rest. Brows and
/// smile: positive is up.
struct Expression {
  float smile = 0;       ///< height of the mouth's corners over its middle
  float open = 0;        ///< gap between the lips
  float width = 1;       ///< of the mouth, relative
  float brow_inner = 0;  ///< height of the brows at the nose
  float brow_outer = 0;
  float eye = 1;    ///< opening, relative
  float sneer = 0;  ///< one-sided lift of the upper lip, wrinkles on the nose
};

/// Everything the drawing depends on.
struct Face {
  Expression expression;
  Pose pose;
  float skin, background, hair, lips, brow;  ///< gray levels
  float stretch;                             ///< width of the head
  float eye_distance, eye_height, mouth_height, nose_length;
  float brow_thickness, lip_thickness, hairline;
  bool teeth, glasses, beard;
  float gaze_x, gaze_y;
  Point light;  ///< brightness gained per half picture, right and down
  bool occluded;
  Point patch, patch_half;  ///< box over the face, face units
  float patch_gray;
};

/// A face showing `emotion`, its traits drawn from `random`.
Face make_face(Emotion emotion, double occlusion, Philox& random);

/// Its picture, uint8 [size, size], with pixel noise of standard deviation
/// `noise` (of full scale).
std::vector<uint8_t> draw_face(const Face& face, int size, double noise,
                               Philox& random);

}  // namespace fer
