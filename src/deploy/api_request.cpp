#include "deploy/api_request.h"

#include <algorithm>
#include <vector>

#include "core/json.h"
#include "deploy/face_pipeline.h"
#include "deploy/http_error.h"

namespace fer {
namespace {

FaceEmotion emotion_of(const std::string& name) {
  try {
    return parse_emotion(name);
  } catch (const DataError& error) {
    throw HttpError(400, error.what());
  }
}

Frame frame_of_json(const Json& value) {
  Frame frame;
  if (value.is_null()) return frame;
  if (!value.is_object() || value.size() > kEmotions)
    refuse(400,
           "expected frames such as {{\"happy\": 0.7}}, or null without a "
           "face; got another value.");
  for (const auto& [name, p] : value.items()) {
    const double probability = p.is_number() ? p.get<double>() : -1;
    if (!(probability >= 0 && probability <= 1))
      refuse(400, "expected a probability from 0 to 1; got another value.");
    frame.emotions.emplace_back(emotion_of(name), probability);
  }
  return frame;
}

// Only the likeliest emotion: seen for certain, or not at all.
void keep_likeliest(Frame& frame, double min_confidence) {
  const auto best = std::ranges::max_element(
      frame.emotions, {}, [](const auto& entry) { return entry.second; });
  if (best == frame.emotions.end()) return;
  frame.emotions = {{best->first, best->second >= min_confidence ? 1.0 : 0.0}};
}

Burst burst_of(const Json& frames, bool mixed, double min_confidence) {
  if (!frames.is_array() || frames.empty() ||
      frames.size() > RecommendRequest::kMostFrames)
    refuse(400, "expected 1 to {} frames; got {}.",
           RecommendRequest::kMostFrames,
           frames.is_array() ? frames.size() : 0);
  std::vector<Frame> all;
  for (const Json& value : frames) {
    all.push_back(frame_of_json(value));
    if (!mixed) keep_likeliest(all.back(), min_confidence);
  }
  try {
    return summarise_burst(all);
  } catch (const DataError& error) {
    throw HttpError(422, error.what());
  }
}

std::string text_of(const Json& value, const char* key) {
  if (!value.is_string()) refuse(400, "expected text as {}.", key);
  return value.get<std::string>();
}

size_t count_of(const Json& value) {
  const bool whole = value.is_number_integer();
  const int64_t count = whole ? value.get<int64_t>() : 0;
  if (count < 1 || count > static_cast<int64_t>(RecommendRequest::kMostSongs))
    refuse(400, "expected a count of 1 to {}.", RecommendRequest::kMostSongs);
  return static_cast<size_t>(count);
}

std::set<std::string> excluded_of(const Json& value) {
  if (!value.is_array() || value.size() > RecommendRequest::kMostExcluded)
    refuse(400, "expected a list of at most {} ids as exclude.",
           RecommendRequest::kMostExcluded);
  std::set<std::string> ids;
  for (const Json& id : value) ids.insert(text_of(id, "ids of exclude"));
  return ids;
}

Json parse_object(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    refuse(400,
           "expected a JSON object such as {{\"emotion\": \"happy\"}}; "
           "got another text.");
  constexpr const char* kKnown[] = {"emotion", "frames", "policy", "count",
                                    "exclude"};
  for (const auto& [key, value] : json.items())
    if (std::ranges::find(kKnown, key) == std::end(kKnown))
      refuse(400,
             "expected emotion, frames, policy, count and exclude as "
             "keys; got another one.");
  if (json.contains("emotion") == json.contains("frames"))
    refuse(400, "expected either emotion or frames; got {}.",
           json.contains("emotion") ? "both" : "neither");
  return json;
}

}  // namespace

RecommendRequest parse_recommend_request(std::string_view text,
                                         const std::string& default_policy,
                                         double min_confidence) {
  const Json json = parse_object(text);
  RecommendRequest request;
  if (json.contains("policy"))
    request.policy = text_of(json["policy"], "policy");
  if (json.contains("count")) request.count = count_of(json["count"]);
  if (json.contains("exclude")) request.exclude = excluded_of(json["exclude"]);
  const bool mixed =
      wants_mixed(request.policy.empty() ? default_policy : request.policy);
  request.burst =
      json.contains("emotion")
          ? single_emotion(emotion_of(text_of(json["emotion"], "emotion")))
          : burst_of(json["frames"], mixed, min_confidence);
  return request;
}

}  // namespace fer
