// The emotions of one photograph or of a burst of frames (source 003: 30 to 40
// frames in 2 to 3 seconds).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "songs/emotion.h"

namespace fer {

/// What was seen in one frame: emotions with probabilities (0 to 1), several
/// faces or several likely emotions of one; none where there is no face.
struct Frame {
  std::vector<std::pair<FaceEmotion, double>> emotions;
};

struct EmotionCount {
  FaceEmotion emotion;
  int64_t frames;  ///< in which it was seen
};

struct Burst {
  /// Without repeats, the most frequent first; ties in the order of
  /// FaceEmotion.
  std::vector<EmotionCount> emotions;
  int64_t frames = 0;
  int64_t no_face = 0;  ///< frames without a face
  int64_t unclear = 0;  ///< frames in which no emotion was likely enough
};

/// From this probability on an emotion counts as seen in a frame; so two or
/// more can be.
inline constexpr double kSeen = 0.3;

/// Counts each emotion once a frame where its probability is at least `seen`.
/// DataError, with advice to try again, when no frame shows one.
Burst summarise_burst(std::span<const Frame> frames, double seen = kSeen);

/// A burst of one certain emotion.
Burst single_emotion(FaceEmotion emotion);

/// Reads frames, one a line: names ("happy" or "happy, surprise"), "nil" or "no
/// face", or a JSON object {"happy": 0.7, "sad": 0.2} of probabilities. Empty
/// lines and lines with # are passed over. DataError with path and line.
std::vector<Frame> read_frames(const std::filesystem::path& path);

}  // namespace fer
