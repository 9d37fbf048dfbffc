// What /api/predict, /api/recommend and /healthz answer: bytes in, JSON out.
// Knows nothing of sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "deploy/api_request.h"
#include "deploy/face_pipeline.h"
#include "deploy/gate.h"
#include "deploy/http_limits.h"
#include "deploy/onnx_contract.h"
#include "deploy/server_metrics.h"
#include "songs/recommend.h"
#include "songs/song_database.h"

namespace fer {

/// From the bytes of a picture file to what its faces show; called from several
/// threads at once. DataError where the picture cannot be read.
using Predictor = std::function<Outcome(std::span<const std::byte>)>;

/// What is served.
struct ApiOptions {
  OnnxContract contract;
  Predictor predict;
  double min_confidence = 0.5;  ///< see PipelineOptions
  std::filesystem::path songs;  ///< a catalogue; empty: no recommendations
  RecommendOptions recommend;   ///< what a request does not say itself
  HttpLimits limits;
};

/// Thread-safe. Its functions throw HttpError, nothing else that is the
/// client's fault.
class Api {
 public:
  /// DataError for a catalogue, policy, playlist or feedback that cannot be
  /// used.
  explicit Api(ApiOptions options);

  /// A picture, or a form with the part "image": outcome_json(). 413: too many
  /// pixels, 415: no picture's header, 422: damaged, 503: too many wait.
  Json predict(std::string_view body, std::string_view content_type);

  /// {"emotion"} or {"frames": [null | {emotion: probability}]}, with "policy",
  /// "count", "exclude": recommendation_json() and "burst": {"frames",
  /// "no_face", "unclear"}. 400: misshapen; 422: nothing to recommend; 503: no
  /// catalogue.
  Json recommend(std::string_view body);

  /// What is served: model, classes, policies, songs, limits.
  Json health() const;

  const ApiOptions& options() const { return options_; }
  ServerMetrics& metrics() { return metrics_; }

 private:
  Recommendation choose(const RecommendRequest& request);
  std::vector<std::string> policy_names() const;
  std::string without_path(std::string text) const;

  ApiOptions options_;
  ServerMetrics metrics_;
  Gate gate_;
  std::mutex songs_mutex_;  ///< SongDatabase is for one thread at a time
  std::unique_ptr<SongDatabase> songs_;
  int64_t song_count_ = 0;
};

}  // namespace fer
