#include "songs/emotion.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "config/faults.h"
#include "core/error.h"

namespace fer {
namespace {

constexpr const char* kNames[kEmotions] = {
    "angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"};

constexpr std::pair<const char*, FaceEmotion> kOtherNames[] = {
    {"anger", FaceEmotion::kAngry},        {"disgusted", FaceEmotion::kDisgust},
    {"fearful", FaceEmotion::kFear},       {"afraid", FaceEmotion::kFear},
    {"happiness", FaceEmotion::kHappy},    {"joy", FaceEmotion::kHappy},
    {"neutrality", FaceEmotion::kNeutral}, {"sadness", FaceEmotion::kSad},
    {"surprised", FaceEmotion::kSurprise},
};

// Pleasure, arousal, dominance, -1 to 1.
constexpr MoodPoint kMehrabian[kEmotions] = {
    {-0.51, 0.59, 0.25}, {-0.60, 0.35, 0.11}, {-0.64, 0.60, -0.43},
    {0.76, 0.48, 0.35},  {0, 0, 0},           {-0.63, -0.27, -0.33},
    {0.40, 0.67, -0.13},
};

}  // namespace

std::string name_of(FaceEmotion emotion) {
  return kNames[static_cast<size_t>(emotion)];
}

FaceEmotion parse_emotion(std::string_view word) {
  std::string lower(word);
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (size_t i = 0; i < kEmotions; ++i)
    if (lower == kNames[i]) return static_cast<FaceEmotion>(i);
  for (const auto& [name, emotion] : kOtherNames)
    if (lower == name) return emotion;
  const std::vector<std::string> names(std::begin(kNames), std::end(kNames));
  const std::string near = suggestion(lower, names);
  fail<DataError>("[recommend] expected an emotion ({}); got {}{}",
                  alternatives(names), in_quotes(word),
                  near.empty() ? "." : near);
}

MoodPoint point_of(FaceEmotion emotion) {
  const MoodPoint& p = kMehrabian[static_cast<size_t>(emotion)];
  return {(p.valence + 1) / 2, (p.arousal + 1) / 2, (p.dominance + 1) / 2};
}

}  // namespace fer
