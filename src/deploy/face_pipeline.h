// From a photograph to what its faces show: decode, find faces, crop, ask the
// network.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "deploy/onnx_session.h"
#include "deploy/photo.h"
#include "songs/burst.h"
#include "vision/face_detector.h"

namespace fer {

/// Which of several faces counts.
enum class FaceChoice {
  kLargest,  ///< source 004
  kAll,
  kLatest,  ///< the last one that the detector found: source 002
};

/// Parses "largest", "all", "latest"; Error otherwise.
FaceChoice parse_face_choice(std::string_view word);

struct PipelineOptions {
  DetectorOptions detector;
  FaceChoice choice = FaceChoice::kLargest;
  /// Added to the face's box on each side, as a share of it; 0 to 1. The crop
  /// stays square and inside the picture.
  double margin = 0;
  /// Evens out the contrast before the search (CLAHE: source 004's contrast
  /// adjustment).
  bool contrast = false;
  /// The picture is the face: nothing is searched, all of it is used.
  bool whole_picture = false;
  /// Below this probability of the likeliest class the outcome is low
  /// confidence; 0 to 1.
  double min_confidence = 0.5;
  PhotoLimits limits;
};

struct FaceReading {
  Box box;                           ///< what the network saw of the picture
  std::vector<float> probabilities;  ///< by class
  size_t label = 0;                  ///< the likeliest class
  float confidence() const { return probabilities[label]; }
};

struct Outcome {
  enum class Kind { kEmotion, kLowConfidence, kNoFace } kind = Kind::kNoFace;
  int width = 0, height = 0;       ///< of the picture
  size_t faces_found = 0;          ///< before the choice
  std::vector<FaceReading> faces;  ///< the main one first; kind is about it
  double search_ms = 0, network_ms = 0;
};

/// A picture that could not be read is an error, no outcome. Functions may be
/// called from several threads at once.
class FacePipeline {
 public:
  explicit FacePipeline(std::shared_ptr<const OnnxSession> session,
                        PipelineOptions options = {});

  /// The bytes of a picture file; DataError as decode_photo().
  Outcome read(std::span<const std::byte> bytes) const;
  /// A decoded picture, gray or RGB.
  Outcome read(const Image& picture) const;

  const OnnxSession& session() const { return *session_; }
  const OnnxContract& contract() const { return session_->contract(); }
  const PipelineOptions& options() const { return options_; }

 private:
  std::vector<Box> search(const Image& picture, Outcome& outcome) const;
  void ask(const Image& picture, std::span<const Box> boxes,
           Outcome& outcome) const;
  Outcome::Kind kind_of(std::span<const FaceReading> faces) const;

  std::shared_ptr<const OnnxSession> session_;
  PipelineOptions options_;
  std::unique_ptr<const FaceDetector> detector_;  ///< none for whole pictures
};

/// "emotion", "low_confidence", "no_face".
const char* name_of(Outcome::Kind kind);

/// What the person should do; "" where the outcome is an emotion.
std::string advice(const Outcome& outcome);

/// {"outcome", "emotion": name or null ("nil"), "confidence": or null, "width",
/// "height", "faces_found", "faces": [{"box": [x, y, width, height],
/// "emotion", "confidence", "probabilities": {class: p}}], "advice": text or
/// null, "milliseconds": {"search", "network"}}. At low confidence `emotion` is
/// null; the faces still carry what was likeliest.
Json outcome_json(const Outcome& outcome, const OnnxContract& contract);

/// For the recommender. `mixed`: each face's classes with their probabilities,
/// so that one picture can show several emotions; otherwise the likeliest class
/// of each face, with probability 1, or 0 at low confidence. Empty without a
/// face. DataError where a class is no emotion.
Frame frame_of(const Outcome& outcome, const OnnxContract& contract,
               bool mixed);

/// Whether a policy wants `mixed` frames: valence_arousal (source 003).
bool wants_mixed(std::string_view policy);

}  // namespace fer
