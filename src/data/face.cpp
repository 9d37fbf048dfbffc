#include "data/face.h"

namespace fer {
namespace {

// smile, open, width, brow_inner, brow_outer, eye, sneer at full strength.
constexpr Expression kExpressions[] = {
    /* angry    */ {-0.10f, 0.03f, 0.85f, -0.17f, 0.07f, 0.75f, 0.0f},
    /* disgust  */ {-0.07f, 0.05f, 0.85f, -0.09f, -0.05f, 0.50f, 1.0f},
    /* fear     */ {-0.08f, 0.14f, 1.10f, 0.17f, 0.04f, 1.40f, 0.0f},
    /* happy    */ {0.20f, 0.10f, 1.20f, 0.00f, 0.00f, 0.75f, 0.0f},
    /* neutral  */ {},
    /* sad      */ {-0.18f, 0.00f, 0.90f, 0.13f, -0.09f, 0.75f, 0.0f},
    /* surprise */ {0.00f, 0.32f, 0.65f, 0.18f, 0.18f, 1.50f, 0.0f}};

// The same person at rest is not everyone's face at rest: jitter comes on top.
Expression make_expression(Emotion emotion, Philox& random) {
  const Expression rest;
  const Expression& full = kExpressions[static_cast<size_t>(emotion)];
  const float strength = random.uniform(0.65f, 1.15f);
  const auto mix = [&](float Expression::*part, float jitter) {
    const float noise = random.uniform(-jitter, jitter);
    return rest.*part + strength * (full.*part - rest.*part) + noise;
  };
  Expression e;
  e.smile = mix(&Expression::smile, 0.025f);
  e.open = mix(&Expression::open, 0.03f);
  e.width = mix(&Expression::width, 0.12f);
  e.brow_inner = mix(&Expression::brow_inner, 0.03f);
  e.brow_outer = mix(&Expression::brow_outer, 0.03f);
  e.eye = mix(&Expression::eye, 0.12f);
  e.sneer = mix(&Expression::sneer, 0.0f);
  if (random.uniform() < 0.4f) e.open *= 0.3f;
  e.open = std::max(0.0f, e.open);
  return e;
}

void choose_look(Face& face, Philox& random) {
  face.skin = random.uniform(0.45f, 0.85f);
  face.background = random.uniform(0.05f, 0.95f);
  face.hair = random.uniform(0.03f, 0.75f);
  face.brow = random.uniform() < 0.8f ? face.skin * random.uniform(0.3f, 0.6f)
                                      : std::min(1.0f, face.skin * 1.35f);
  face.lips = random.uniform() < 0.9f
                  ? face.skin * random.uniform(0.2f, 0.5f)
                  : std::min(1.0f, face.skin + random.uniform(0.15f, 0.3f));
  face.stretch = random.uniform(0.68f, 0.88f);
  face.eye_distance = random.uniform(0.30f, 0.40f);
  face.eye_height = random.uniform(-0.26f, -0.12f);
  face.mouth_height = random.uniform(0.42f, 0.62f);
  face.nose_length = random.uniform(0.25f, 0.38f);
  face.brow_thickness = random.uniform(0.035f, 0.065f);
  face.lip_thickness = random.uniform(0.045f, 0.07f);
  face.hairline = random.uniform(-0.85f, -0.55f);
  face.teeth = random.uniform() < 0.6f;
  face.glasses = random.uniform() < 0.15f;
  face.beard = random.uniform() < 0.2f;
  face.gaze_x = random.uniform(-0.04f, 0.04f);
  face.gaze_y = random.uniform(-0.03f, 0.03f);
}

void choose_scene(Face& face, double occlusion, Philox& random) {
  face.pose.scale = random.uniform(0.80f, 1.0f);
  face.pose.x = random.uniform(-0.14f, 0.14f);
  face.pose.y = random.uniform(-0.13f, 0.13f);
  face.pose.tilt = random.uniform(-0.2f, 0.2f);
  face.light = {random.uniform(-0.3f, 0.3f), random.uniform(-0.3f, 0.3f)};
  face.occluded = random.uniform() < static_cast<float>(occlusion);
  face.patch = {random.uniform(-0.8f, 0.8f), random.uniform(-0.9f, 0.9f)};
  face.patch_half = {random.uniform(0.12f, 0.32f),
                     random.uniform(0.12f, 0.32f)};
  face.patch_gray = random.uniform(0.0f, 1.0f);
}

/// `curve` over |x| <= half_width as straight pieces around `centre`.
template <class Curve>
Stroke trace(float centre, float half_width, const Curve& curve, float radius) {
  constexpr int kPieces = 10;
  Stroke stroke{{}, radius};
  for (int i = 0; i <= kPieces; ++i) {
    const float x = half_width * (2.0f * static_cast<float>(i) / kPieces - 1);
    stroke.points.push_back({centre + x, curve(x)});
  }
  return stroke;
}

constexpr Reach kWhole{{0, 0}, 8};

void draw_head(Canvas& canvas, const Face& face) {
  const float w = face.stretch;
  canvas.paint(kWhole, Ellipse{{0, -0.12f}, {w + 0.1f, 1.0f}}, face.hair);
  canvas.paint(kWhole, Box{{0, 1.25f}, {0.32f, 0.5f}}, face.skin * 0.85f);
  for (const float side : {-1.0f, 1.0f})
    canvas.paint(kWhole, Ellipse{{side * w, -0.05f}, {0.1f, 0.18f}},
                 face.skin * 0.9f);
  const Ellipse head{{0, 0}, {w, 1.0f}};
  canvas.paint(kWhole, head, face.skin);
  const auto fringe = [&](Point p) {
    return std::max(head(p), p.y - face.hairline - 0.25f * p.x * p.x);
  };
  canvas.paint(kWhole, fringe, face.hair);
  if (!face.beard) return;
  const auto beard = [&](Point p) {
    return std::max(head(p), face.mouth_height - 0.1f - p.y);
  };
  canvas.paint(kWhole, beard, face.hair, 0.5f, 0.15f);
}

void draw_eye(Canvas& canvas, const Face& face, float side) {
  const Point centre{side * face.eye_distance, face.eye_height};
  const Reach reach{centre, 0.3f};
  const float opening = std::max(0.02f, 0.085f * face.expression.eye);
  const Ellipse ball{centre, {0.15f, opening}};
  canvas.paint(reach, ball, std::min(1.0f, face.skin + 0.3f));
  const Ellipse iris{{centre.x + face.gaze_x, centre.y + face.gaze_y},
                     {0.075f, 0.085f}};
  canvas.paint(
      reach, [&](Point p) { return std::max(ball(p), iris(p)); }, 0.06f);
  const auto lid = [&](float x) {
    const float t = x / 0.16f;
    return centre.y - opening * (1 - t * t);
  };
  canvas.paint(reach, trace(centre.x, 0.16f, lid, 0.022f), face.skin * 0.35f);
  if (!face.glasses) return;
  const auto ring = [&](Point p) {
    return std::fabs(Ellipse{centre, {0.24f, 0.2f}}(p)) - 0.02f;
  };
  canvas.paint(reach, ring, 0.1f);
}

void draw_brow(Canvas& canvas, const Face& face, float side) {
  const float centre = side * face.eye_distance;
  const float rest = face.eye_height - 0.24f;
  const Reach reach{{centre, rest}, 0.55f};
  const Expression& e = face.expression;
  const auto curve = [&](float x) {
    const float outwards = 0.5f + 0.5f * side * x / 0.2f;  // 0 at the nose
    const float raise = e.brow_inner + outwards * (e.brow_outer - e.brow_inner);
    const float arch = 0.05f * (1 - (x / 0.2f) * (x / 0.2f));
    return rest - raise - arch;
  };
  canvas.paint(reach, trace(centre, 0.2f, curve, face.brow_thickness),
               face.brow);
}

void draw_nose(Canvas& canvas, const Face& face) {
  const float top = face.eye_height + 0.08f, tip = top + face.nose_length;
  const Reach reach{{0, 0.5f * (top + tip)}, 0.7f};
  const float shade = face.skin * 0.72f;
  canvas.paint(
      reach,
      Stroke{{{0.02f, top}, {0.09f, tip}, {-0.06f, tip + 0.03f}}, 0.018f},
      shade);
  const float wrinkle = std::clamp(face.expression.sneer, 0.0f, 1.0f);
  for (const float side : {-1.0f, 1.0f}) {
    canvas.paint(
        reach,
        Stroke{{{side * 0.05f, top - 0.02f}, {side * 0.13f, top + 0.08f}},
               0.02f},
        shade, wrinkle);
    canvas.paint(reach,
                 Stroke{{{side * 0.13f, tip - 0.05f},
                         {side * 0.3f, face.mouth_height - 0.05f}},
                        0.02f},
                 shade, wrinkle);
  }
}

void draw_mouth(Canvas& canvas, const Face& face) {
  const Expression& e = face.expression;
  const float half = 0.32f * std::clamp(e.width, 0.4f, 1.5f);
  const Reach reach{{0, face.mouth_height}, 0.8f};
  const auto line = [&](float x) {
    const float t = x / half;
    return face.mouth_height + e.smile * (0.4f - t * t);
  };
  const auto bow = [&](float x) { return 1 - (x / half) * (x / half); };
  const auto upper = [&](float x) {
    const float lift = 0.08f * e.sneer * std::max(0.0f, 0.3f + x / half);
    return line(x) - (0.4f * e.open + lift) * bow(x);
  };
  const auto lower = [&](float x) { return line(x) + e.open * bow(x); };
  const auto teeth_end = [&](float x) {
    return upper(x) + 0.45f * (lower(x) - upper(x));
  };
  if (e.open > 0.02f) {
    canvas.paint(
        reach, Between<decltype(upper), decltype(lower)>{0, half, upper, lower},
        0.07f);
    if (face.teeth) {
      canvas.paint(reach,
                   Between<decltype(upper), decltype(teeth_end)>{0, half, upper,
                                                                 teeth_end},
                   0.92f);
    }
    canvas.paint(reach, trace(0, half, lower, face.lip_thickness), face.lips);
  }
  canvas.paint(reach, trace(0, half, upper, face.lip_thickness), face.lips);
}

// The sum of four uniform numbers: close to normal, and exact everywhere.
float noise_of(Philox& random) {
  float sum = -2;
  for (int i = 0; i < 4; ++i) sum += random.uniform();
  return sum * 1.7320508f;
}

}  // namespace

Face make_face(Emotion emotion, double occlusion, Philox& random) {
  Face face{};
  face.expression = make_expression(emotion, random);
  choose_look(face, random);
  choose_scene(face, occlusion, random);
  return face;
}

std::vector<uint8_t> draw_face(const Face& face, int size, double noise,
                               Philox& random) {
  Canvas canvas(size, face.background);
  canvas.set_pose(face.pose);
  draw_head(canvas, face);
  for (const float side : {-1.0f, 1.0f}) {
    draw_eye(canvas, face, side);
    draw_brow(canvas, face, side);
  }
  draw_nose(canvas, face);
  draw_mouth(canvas, face);
  if (face.occluded)
    canvas.paint(kWhole, Box{face.patch, face.patch_half}, face.patch_gray);
  std::vector<uint8_t> pixels;
  pixels.reserve(canvas.pixels().size());
  const float half = 0.5f * static_cast<float>(size);
  for (int i = 0; const float gray : canvas.pixels()) {
    const float x = static_cast<float>(i % size) / half - 1;
    const float y = static_cast<float>(i / size) / half - 1;
    ++i;
    const float lit = gray * (1 + face.light.x * x + face.light.y * y) +
                      static_cast<float>(noise) * noise_of(random);
    pixels.push_back(
        static_cast<uint8_t>(std::clamp(lit * 255.0f + 0.5f, 0.0f, 255.0f)));
  }
  return pixels;
}

}  // namespace fer
