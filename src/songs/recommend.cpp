#include "songs/recommend.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "songs/policy.h"

namespace fer {
namespace {

constexpr size_t kPool = 5;  // times the songs wanted
constexpr size_t kMostSongs = 1000;

// The emotions that the policy has an answer to.
std::vector<EmotionPart> known_parts(const Burst& burst, const Policy& policy,
                                     std::vector<std::string>& notes) {
  std::vector<EmotionPart> parts;
  std::vector<std::string> unknown;
  for (const EmotionCount& count : burst.emotions) {
    if (policy.knows(count.emotion)) {
      parts.push_back({count.emotion, count.frames, 0});
    } else {
      unknown.push_back(name_of(count.emotion));
    }
  }
  if (parts.empty()) {
    fail<DataError>(
        "[recommend] expected happy or sad for the policy {}; got {}. Use "
        "--policy mood_table or valence_arousal.",
        policy.name, join(unknown, ", "));
  }
  if (!unknown.empty())
    notes.push_back(fmt::format("the policy {} has no songs for {}",
                                policy.name, join(unknown, ", ")));
  return parts;
}

// Takes `wanted` songs off a shelf, those liked first.
class Taker {
 public:
  Taker(const Feedback& feedback, std::set<std::string>& used)
      : feedback_(feedback), used_(used) {}

  std::vector<Song> take(Shelf& shelf, size_t wanted) {
    std::vector<Song> liked, unrated, skipped;
    const size_t pool = feedback_.empty() ? wanted : kPool * wanted;
    while (liked.size() + unrated.size() < pool) {
      std::optional<Song> song = shelf.next();
      if (!song) break;
      if (used_.contains(song->id)) continue;
      const auto found = feedback_.find(song->id);
      auto& group = found == feedback_.end()           ? unrated
                    : found->second == Opinion::kLiked ? liked
                                                       : skipped;
      group.push_back(std::move(*song));
    }
    liked.insert(liked.end(), unrated.begin(), unrated.end());
    liked.insert(liked.end(), skipped.begin(), skipped.end());
    liked.resize(std::min(liked.size(), wanted));
    for (const Song& song : liked) used_.insert(song.id);
    return liked;
  }

 private:
  const Feedback& feedback_;
  std::set<std::string>& used_;
};

// Song j of n stands at (j + 1/2) / n: every stretch of the list holds the
// emotions in about their proportions.
std::vector<Pick> mix(const std::vector<EmotionPart>& parts,
                      std::vector<std::vector<Song>> shelves) {
  struct Place {
    size_t part, index;
  };
  std::vector<Place> places;
  for (size_t p = 0; p < shelves.size(); ++p)
    for (size_t j = 0; j < shelves[p].size(); ++j) places.push_back({p, j});
  std::ranges::stable_sort(places, [&](const Place& a, const Place& b) {
    return (2 * a.index + 1) * shelves[b.part].size() <
           (2 * b.index + 1) * shelves[a.part].size();
  });
  std::vector<Pick> picks;
  for (const Place& place : places)
    picks.push_back({std::move(shelves[place.part][place.index]),
                     parts[place.part].emotion});
  return picks;
}

void give_seats(std::vector<EmotionPart>& parts, size_t count) {
  std::vector<int64_t> weights;
  for (const EmotionPart& part : parts) weights.push_back(part.frames);
  const std::vector<size_t> seats = largest_remainder(weights, count);
  for (size_t i = 0; i < parts.size(); ++i) parts[i].songs = seats[i];
}

}  // namespace

void check_options(const RecommendOptions& options) {
  if (options.count < 1 || options.count > kMostSongs) {
    fail<DataError>("[recommend] expected 1 to {} songs; got {}. Set --count.",
                    kMostSongs, options.count);
  }
  const bool needs = options.policy == "playlist";
  if (needs != options.playlist.empty()) return;
  if (needs) {
    fail<DataError>(
        "[recommend] expected a playlist for the policy playlist; got none. "
        "Name one with --playlist.");
  }
  fail<DataError>(
      "[recommend] expected no playlist for the policy {}; got {}. Use "
      "--policy "
      "playlist.",
      options.policy, options.playlist.string());
}

std::vector<size_t> largest_remainder(std::span<const int64_t> weights,
                                      size_t seats) {
  const bool negative =
      std::ranges::any_of(weights, [](int64_t w) { return w < 0; });
  const auto total =
      std::accumulate(weights.begin(), weights.end(), int64_t{0});
  if (negative || total <= 0) {
    fail(
        "[recommend] expected weights of at least 0, not all 0; got {} weights "
        "of sum {}.",
        weights.size(), total);
  }
  std::vector<size_t> given(weights.size()), order(weights.size());
  std::vector<int64_t> remainder(weights.size());
  size_t left = seats;
  for (size_t i = 0; i < weights.size(); ++i) {
    const int64_t share = weights[i] * static_cast<int64_t>(seats);
    given[i] = static_cast<size_t>(share / total);
    remainder[i] = share % total;
    left -= given[i];
  }
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](size_t i) { return remainder[i]; });
  for (size_t i = 0; i < left; ++i) ++given[order[i]];
  return given;
}

Recommendation recommend(const SongDatabase& songs, const Burst& burst,
                         const RecommendOptions& options) {
  const Policy& policy = find_policy(options.policy);
  check_options(options);
  Recommendation result;
  result.policy = policy.name;
  result.emotions = known_parts(burst, policy, result.notes);
  give_seats(result.emotions, options.count);
  const Feedback feedback =
      options.feedback.empty() ? Feedback{} : read_feedback(options.feedback);
  std::optional<Playlist> playlist;
  if (!options.playlist.empty()) playlist = read_playlist(options.playlist);
  const PolicyInputs inputs{songs, playlist ? &*playlist : nullptr,
                            &result.notes};
  std::set<std::string> used;
  std::vector<std::vector<Song>> taken;
  for (EmotionPart& part : result.emotions) {
    const size_t wanted = part.songs;
    taken.emplace_back();
    if (wanted > 0)
      taken.back() = Taker(feedback, used)
                         .take(*policy.shelf(inputs, part.emotion), wanted);
    part.songs = taken.back().size();
    if (part.songs < wanted)
      result.notes.push_back(fmt::format(
          "{} of {} songs for {}: there are no more of {}", part.songs, wanted,
          name_of(part.emotion), policy.wants(part.emotion)));
  }
  result.songs = mix(result.emotions, std::move(taken));
  return result;
}

}  // namespace fer
