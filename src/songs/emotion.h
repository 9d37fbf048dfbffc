// The seven emotions that faces are told apart by.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fer {

enum class FaceEmotion {
  kAngry,
  kDisgust,
  kFear,
  kHappy,
  kNeutral,
  kSad,
  kSurprise,
};
inline constexpr size_t kEmotions = 7;

/// "angry", ...: the class names of FER2013's folders.
std::string name_of(FaceEmotion emotion);

/// Also "happiness", "surprised", "Fearful", ... in any case. DataError with
/// the nearest name.
FaceEmotion parse_emotion(std::string_view word);

/// Pleasure, arousal and dominance of an emotion, 0 to 1: Mehrabian's values
/// for anger, disgust, fear, joy, sadness and surprise (Russell and Mehrabian,
/// Evidence for a three-factor theory of emotions, 1977; -1 to 1), moved to
/// 0..1; neutral is the middle.
struct MoodPoint {
  double valence, arousal, dominance;
};
MoodPoint point_of(FaceEmotion emotion);

}  // namespace fer
