#include "deploy/api.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/text.h"
#include "deploy/http_error.h"
#include "deploy/multipart.h"
#include "deploy/photo.h"
#include "songs/feedback.h"
#include "songs/playlist.h"
#include "songs/policy.h"
#include "songs/recommend_text.h"

namespace fer {
namespace {

constexpr size_t kMostRecommended = 1000;  // of RecommendOptions

// A form's picture, or the body itself.
std::string_view picture_of(std::string_view body, std::string_view type) {
  if (media_type(type) != "multipart/form-data") return body;
  return form_file(body, boundary_of(type), "image");
}

void check_picture(std::span<const std::byte> bytes, int64_t most_pixels) {
  const auto header = read_photo_header(bytes);
  if (!header)
    refuse(415,
           "expected a JPEG, PNG, BMP or WebP picture; got {} bytes that "
           "are none.",
           bytes.size());
  if (header->width < 1 || header->height < 1 ||
      header->width > most_pixels / header->height)
    refuse(413,
           "expected at most {} pixels; got {} x {}. Send a smaller "
           "picture.",
           most_pixels, header->width, header->height);
}

}  // namespace

Api::Api(ApiOptions options)
    : options_(std::move(options)),
      gate_(options_.limits.readers, options_.limits.waiting) {
  find_policy(options_.recommend.policy);
  const auto& [playlist, feedback] =
      std::tie(options_.recommend.playlist, options_.recommend.feedback);
  if (options_.songs.empty()) {
    if (playlist.empty() && feedback.empty()) return;
    fail<DataError>(
        "[serve] expected a catalogue of songs for {}; got none. Name one with "
        "--songs FILE.",
        playlist.empty() ? "--feedback" : "--playlist");
  }
  songs_ = std::make_unique<SongDatabase>(options_.songs);
  song_count_ = songs_->size();
  // Read again at each request, so that they may change; told now if damaged.
  if (!playlist.empty()) read_playlist(playlist);
  if (!feedback.empty()) read_feedback(feedback);
  if (options_.recommend.policy == "playlist" && playlist.empty())
    fail<DataError>(
        "[serve] expected a playlist for the policy playlist; got none. Name "
        "one with --playlist FILE.");
}

Json Api::predict(std::string_view body, std::string_view content_type) {
  const std::string_view picture = picture_of(body, content_type);
  const auto bytes = std::as_bytes(std::span(picture));
  check_picture(bytes, options_.limits.pixels);
  const Gate::Pass pass = gate_.enter(options_.limits.turn);
  if (!pass)
    throw HttpError(503,
                    "expected fewer pictures at a time; got too many. Try "
                    "again.",
                    1);
  try {
    const Outcome outcome = options_.predict(bytes);
    Json json = outcome_json(outcome, options_.contract);
    const Json& emotion = json["emotion"];
    metrics_.picture(name_of(outcome.kind),
                     emotion.is_string() ? emotion.get<std::string>() : "");
    return json;
  } catch (const DataError& error) {
    throw HttpError(422, error.what());
  }
}

Recommendation Api::choose(const RecommendRequest& request) {
  RecommendOptions options = options_.recommend;
  if (!request.policy.empty()) options.policy = request.policy;
  // The server's playlist is for the policy of that name alone.
  if (options.policy != "playlist") options.playlist.clear();
  const size_t count = request.count.value_or(options.count);
  // Songs that were shown are dropped from a longer list, so that asking again
  // goes on where the last one ended.
  options.count = std::min(count + request.exclude.size(), kMostRecommended);
  Recommendation result;
  {
    const std::scoped_lock lock(songs_mutex_);
    result = fer::recommend(*songs_, request.burst, options);
  }
  std::erase_if(result.songs, [&](const Pick& pick) {
    return request.exclude.contains(pick.song.id);
  });
  if (result.songs.size() > count) result.songs.resize(count);
  for (EmotionPart& part : result.emotions)
    part.songs = static_cast<size_t>(
        std::ranges::count(result.songs, part.emotion, &Pick::emotion));
  if (!request.exclude.empty() && result.songs.empty())
    result.notes.push_back("all songs of this policy were shown");
  return result;
}

Json Api::recommend(std::string_view body) {
  if (!songs_)
    refuse(503,
           "expected a catalogue of songs; got none. Start the server "
           "with --songs FILE.");
  const RecommendRequest request = parse_recommend_request(
      body, options_.recommend.policy, options_.min_confidence);
  const auto offered = policy_names();
  if (!request.policy.empty() &&
      std::ranges::find(offered, request.policy) == offered.end())
    refuse(400, "expected one of the policies {}; got another one.",
           join(offered, ", "));
  try {
    const Recommendation result = choose(request);
    metrics_.songs(result.songs.size());
    Json json = recommendation_json(result);
    json["burst"] = {{"frames", request.burst.frames},
                     {"no_face", request.burst.no_face},
                     {"unclear", request.burst.unclear}};
    return json;
  } catch (const Error& error) {  // a list in YAML throws ConfigError
    throw HttpError(422, without_path(error.what()));
  }
}

std::vector<std::string> Api::policy_names() const {
  std::vector<std::string> names;
  if (!songs_) return names;
  for (const Policy& policy : policies())
    if (policy.name != std::string_view("playlist") ||
        !options_.recommend.playlist.empty())
      names.emplace_back(policy.name);
  return names;
}

// Where files lie is nobody's business but this machine's.
std::string Api::without_path(std::string text) const {
  for (const auto& [path, name] :
       {std::pair(options_.songs.string(), "the catalogue"),
        std::pair(options_.recommend.playlist.string(), "the playlist"),
        std::pair(options_.recommend.feedback.string(), "the feedback")}) {
    for (size_t at = 0;
         !path.empty() && (at = text.find(path, at)) != std::string::npos;)
      text.replace(at, path.size(), name);
  }
  return text;
}

Json Api::health() const {
  const OnnxContract& contract = options_.contract;
  return {{"status", "ok"},
          {"model", contract.model},
          {"run", contract.run},
          {"precision", contract.precision},
          {"protocol", contract.protocol},
          {"classes", contract.classes},
          {"min_confidence", options_.min_confidence},
          {"policies", policy_names()},
          {"policy", songs_ ? Json(options_.recommend.policy) : Json(nullptr)},
          {"songs", song_count_},
          {"picture_bytes", options_.limits.picture_bytes},
          {"picture_pixels", options_.limits.pixels}};
}

}  // namespace fer
