#include "songs/recommend.h"

#include <fmt/core.h>

#include <memory>

#include "cli/photo_frames.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "core/file.h"
#include "songs/recommend_text.h"

namespace fer {
namespace {

struct RecommendVerb : RecommendOptions {
  PhotoFrames photos;
  std::string emotion, emotions, songs = "songs.sqlite", m3u;
  bool json = false, quiet = false;

  /// What the songs are for.
  Burst burst() const {
    if (!emotion.empty()) return single_emotion(parse_emotion(emotion));
    return summarise_burst(photos.given() ? photos.look(policy)
                                          : read_frames(emotions));
  }
};

int recommend_songs(const RecommendVerb& options) {
  // A catalogue that is not there is said before pictures are looked at.
  const SongDatabase songs(options.songs);
  const Burst burst = options.burst();
  const Recommendation recommendation = recommend(songs, burst, options);
  if (!options.m3u.empty())
    write_file(options.m3u, recommendation_m3u(recommendation));
  if (options.json) {
    fmt::print("{}\n", json_text(recommendation_json(recommendation)));
    return 0;
  }
  if (burst.frames > 1 && !options.quiet)
    fmt::print("{} frames: {} without a face, {} unclear\n", burst.frames,
               burst.no_face, burst.unclear);
  fmt::print("{}", recommendation_text(recommendation));
  return 0;
}

void add_source(CLI::App* verb, RecommendVerb& options) {
  auto* source = verb->add_option_group("mood", "One of them");
  source->add_option("--emotion", options.emotion,
                     "angry, disgust, fear, happy, neutral, sad or surprise");
  source->add_option("--emotions", options.emotions,
                     "File of a burst: one frame a line, see docs/songs.md");
  options.photos.add_to(*verb, *source);
  source->require_option(1);
}

}  // namespace

void add_recommend(CLI::App& app, Action& action) {
  auto options = std::make_shared<RecommendVerb>();
  CLI::App* verb =
      app.add_subcommand("recommend", "Songs for a photograph or an emotion");
  verb->footer("Example: ferbench recommend photo.jpg --songs songs.sqlite");
  add_source(verb, *options);
  verb->add_option("--songs", options->songs,
                   "The catalogue (default: songs.sqlite)");
  verb->add_option("--policy", options->policy,
                   "report, mood_table, valence_arousal or playlist (default: "
                   "report); see `ferbench songs policies`");
  verb->add_option("--count", options->count, "Songs (default: 7)");
  verb->add_option("--playlist", options->playlist,
                   "For the policy playlist: M3U or list, or YAML by emotion");
  verb->add_option("--feedback", options->feedback,
                   "CSV of track_id and liked or skipped; re-ranks");
  verb->add_option("--m3u", options->m3u, "Also write a playlist file");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback([options, &action] {
    action = [options] { return recommend_songs(*options); };
  });
}

}  // namespace fer
