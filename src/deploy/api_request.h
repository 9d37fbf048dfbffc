// The body of /api/recommend, checked.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "songs/burst.h"

namespace fer {

struct RecommendRequest {
  static constexpr size_t kMostFrames = 200, kMostSongs = 50,
                          kMostExcluded = 500;

  Burst burst;
  std::string policy;             ///< empty: the server's
  std::optional<size_t> count;    ///< 1 to kMostSongs
  std::set<std::string> exclude;  ///< ids of songs that were shown already
};

/// HttpError 400 for text that is no such JSON or an unknown key; 422 where the
/// frames show no emotion. `default_policy` decides, where the text names none,
/// whether a frame may show several emotions; otherwise only the likeliest one
/// counts, from `min_confidence` on.
RecommendRequest parse_recommend_request(std::string_view text,
                                         const std::string& default_policy,
                                         double min_confidence);

}  // namespace fer
