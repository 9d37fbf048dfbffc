#include "songs/policy.h"

#include <algorithm>
#include <cmath>

#include "config/faults.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

bool always(FaceEmotion) { return true; }

bool in_report(FaceEmotion emotion) {
  return emotion == FaceEmotion::kHappy || emotion == FaceEmotion::kSad;
}

std::string report_genre(FaceEmotion emotion) {
  return emotion == FaceEmotion::kHappy ? "cheerful" : "sombre";
}

// Source 004's table 3, in the words of its song table. Angry gets the
// counter-mood; the source has no line for disgust and fear, which are treated
// alike. Neutral is "mixed": all moods.
constexpr const char* kMoods[kEmotions] = {"Calm",  "Calm", "Calm",     "Happy",
                                           nullptr, "Sad",  "Energetic"};

const char* mood_for(FaceEmotion emotion) {
  return kMoods[static_cast<size_t>(emotion)];
}

std::string wanted_mood(FaceEmotion emotion) {
  return mood_for(emotion) ? std::string("mood ") + mood_for(emotion)
                           : "any mood";
}

std::string wanted_point(FaceEmotion emotion) {
  const MoodPoint p = point_of(emotion);
  return fmt::format("valence {:.2f}, arousal {:.2f}, dominance {:.2f}",
                     p.valence, p.arousal, p.dominance);
}

std::string wanted_list(FaceEmotion) { return "the playlist"; }

[[noreturn]] void fail_empty(const PolicyInputs& inputs,
                             const std::string& wanted,
                             const std::string& stock, const char* way_out) {
  fail<DataError>("[recommend] expected songs of {}; got none: {} has {}. {}",
                  wanted, inputs.songs.path().string(),
                  stock.empty() ? "no such column filled" : stock, way_out);
}

bool any(const SongDatabase& songs, const std::string& genre,
         const std::string& mood) {
  return !songs.list(genre, mood, 1).empty();
}

std::unique_ptr<Shelf> report_shelf(const PolicyInputs& inputs,
                                    FaceEmotion emotion) {
  const std::string genre = report_genre(emotion);
  if (!any(inputs.songs, genre, ""))
    fail_empty(inputs, genre, inputs.songs.stock_of_genres(),
               "Import a table with audio features, or use another --policy.");
  return popular_shelf(inputs.songs, "genres", genre);
}

std::unique_ptr<Shelf> mood_shelf(const PolicyInputs& inputs,
                                  FaceEmotion emotion) {
  const char* mood = mood_for(emotion);
  if (!any(inputs.songs, "", mood ? mood : ""))
    fail_empty(inputs, wanted_mood(emotion), inputs.songs.stock_of_moods(),
               "Import a table with a mood column, or use another --policy.");
  return popular_shelf(inputs.songs, mood ? "mood" : nullptr, mood ? mood : "");
}

std::unique_ptr<Shelf> valence_arousal_shelf(const PolicyInputs& inputs,
                                             FaceEmotion emotion) {
  auto shelf = nearest_shelf(inputs.songs, point_of(emotion));
  if (!shelf->next())
    fail_empty(inputs, "known valence", "",
               "Import a table with valence_tags or valence and energy.");
  return nearest_shelf(inputs.songs, point_of(emotion));
}

// One list for all emotions: songs nearest to the emotion first, those without
// scores behind them in the order of the list.
void order_by_emotion(std::vector<Song>& songs, FaceEmotion emotion) {
  const MoodPoint point = point_of(emotion);
  std::ranges::stable_sort(songs, {}, [&](const Song& song) {
    return squared_distance(song, point);
  });
}

std::unique_ptr<Shelf> playlist_shelf(const PolicyInputs& inputs,
                                      FaceEmotion emotion) {
  const Playlist& playlist = *inputs.playlist;
  std::vector<Song> songs;
  for (const std::string& id : playlist.of(emotion))
    if (auto song = inputs.songs.find(id)) songs.push_back(std::move(*song));
  const size_t listed = playlist.of(emotion).size();
  if (songs.empty()) {
    fail<DataError>(
        "[recommend] expected songs for {} in the playlist; got {}, none of "
        "them in {} ({}). Add some, or import them first.",
        name_of(emotion), listed, inputs.songs.path().string(),
        playlist.path.string());
  }
  if (songs.size() < listed && inputs.notes)
    inputs.notes->push_back(fmt::format(
        "{} of {} songs of the playlist for {} are not in the catalogue",
        listed - songs.size(), listed, name_of(emotion)));
  if (!playlist.by_emotion) order_by_emotion(songs, emotion);
  return list_shelf(std::move(songs));
}

constexpr Policy kPolicies[] = {
    {"report", "000",
     "happy: cheerful, sad: sombre, the most popular first; no other emotion",
     &in_report, &report_genre, &report_shelf},
    {"mood_table", "004",
     "by the mood column: happy Happy, sad Sad, surprise Energetic, angry, "
     "fear "
     "and disgust Calm, neutral any; the most popular first",
     &always, &wanted_mood, &mood_shelf},
    {"valence_arousal", "003",
     "songs whose places in valence, arousal and dominance are nearest to the "
     "emotion's",
     &always, &wanted_point, &valence_arousal_shelf},
    {"playlist", "002",
     "the user's own playlist, nearest to the emotion first, or one list for "
     "each emotion (--playlist)",
     &always, &wanted_list, &playlist_shelf},
};

}  // namespace

std::span<const Policy> policies() { return kPolicies; }

const Policy& find_policy(std::string_view name) {
  std::vector<std::string> names;
  for (const Policy& policy : kPolicies) {
    if (name == policy.name) return policy;
    names.emplace_back(policy.name);
  }
  const std::string near = suggestion(name, names);
  fail<DataError>("[recommend] expected a policy ({}); got {}{}",
                  alternatives(names), in_quotes(name),
                  near.empty() ? "." : near);
}

}  // namespace fer
