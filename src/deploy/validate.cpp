#include "deploy/validate.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/error.h"
#include "core/file.h"
#include "core/parallel.h"
#include "deploy/picture_files.h"
#include "songs/playlist.h"
#include "songs/policy.h"

namespace fer {
namespace {

/// A picture whose label the model knows, and what came of it.
struct Case {
  const LabelledPicture* picture;
  FaceEmotion label;
  std::optional<Outcome> outcome;
  std::string error;

  std::optional<FaceEmotion> found(const OnnxContract& contract) const {
    if (!outcome || outcome->kind != Outcome::Kind::kEmotion) return {};
    return parse_emotion(contract.classes[outcome->faces[0].label]);
  }
};

std::vector<FaceEmotion> emotions_of(const OnnxContract& contract) {
  std::vector<FaceEmotion> emotions;
  for (const std::string& name : contract.classes)
    emotions.push_back(parse_emotion(name));
  return emotions;
}

std::vector<Case> known_cases(std::span<const LabelledPicture> pictures,
                              std::span<const FaceEmotion> classes) {
  std::vector<Case> cases;
  for (const LabelledPicture& picture : pictures) {
    const FaceEmotion label = parse_emotion(picture.label);
    if (std::ranges::find(classes, label) != classes.end())
      cases.push_back({&picture, label, {}, {}});
  }
  if (!cases.empty()) return cases;
  std::string names;
  for (const FaceEmotion emotion : classes)
    names += (names.empty() ? "" : ", ") + name_of(emotion);
  fail<DataError>(
      "[validate] expected pictures of an emotion that the model knows ({}); "
      "got none of {}.",
      names, pictures.size());
}

void look_at(Case& one, const FacePipeline& pipeline) {
  const LabelledPicture& picture = *one.picture;
  try {
    if (picture.image) {
      one.outcome = pipeline.read(*picture.image);
      return;
    }
    const std::string bytes =
        read_picture({PictureFile::Kind::kPicture, picture.path},
                     pipeline.options().limits.largest_file);
    one.outcome = pipeline.read(std::as_bytes(std::span(bytes)));
  } catch (const std::exception& error) {
    one.error = error.what();
  }
}

/// Moods of the songs that an emotion is served, each emotion asked once.
class Served {
 public:
  Served(const ValidateOptions& options, std::vector<std::string>& notes)
      : options_(options), notes_(notes) {}

  /// Whether at least half of the songs carry `mood`.
  bool mostly(FaceEmotion emotion, const std::string& mood) {
    const std::vector<std::string>& moods = of(emotion);
    const auto hits = std::ranges::count(moods, mood);
    return !moods.empty() && 2 * hits >= std::ssize(moods);
  }

 private:
  const std::vector<std::string>& of(FaceEmotion emotion) {
    const auto [entry, is_new] = moods_.try_emplace(emotion);
    if (!is_new) return entry->second;
    try {
      const Recommendation served = recommend(
          *options_.songs, single_emotion(emotion), options_.recommend);
      for (const Pick& pick : served.songs)
        entry->second.push_back(pick.song.mood);
    } catch (const DataError& error) {
      notes_.push_back(
          fmt::format("no songs for {}: {}", name_of(emotion), error.what()));
    }
    return entry->second;
  }

  const ValidateOptions& options_;
  std::vector<std::string>& notes_;
  std::map<FaceEmotion, std::vector<std::string>> moods_;
};

/// One answer per picture and stage; nothing: not asked.
using Answers = std::vector<std::optional<bool>>;

Stage stage_of(const char* name, const Answers& now, const Answers* before) {
  Stage stage{name, 0, 0, 0, 0};
  for (size_t i = 0; i < now.size(); ++i) {
    if (!now[i]) continue;
    const bool passed = before ? (*before)[i].value_or(*now[i]) : true;
    ++stage.of;
    stage.kept += *now[i];
    stage.lost += passed && !*now[i];
    stage.gained += !passed && *now[i];
  }
  return stage;
}

template <class Ask>
Answers ask_all(std::span<const Case> cases, Ask&& ask) {
  Answers answers;
  for (const Case& one : cases) answers.push_back(ask(one));
  return answers;
}

std::vector<Stage> looking_stages(std::span<const Case> cases,
                                  const OnnxContract& contract,
                                  Answers& right) {
  using Answer = std::optional<bool>;
  const Answers read = ask_all(
      cases, [](const Case& one) -> Answer { return one.outcome.has_value(); });
  const Answers face = ask_all(cases, [](const Case& one) -> Answer {
    return one.outcome && !one.outcome->faces.empty();
  });
  const Answers clear = ask_all(cases, [&](const Case& one) -> Answer {
    return one.found(contract).has_value();
  });
  right = ask_all(cases, [&](const Case& one) -> Answer {
    return one.found(contract) == one.label;
  });
  return {stage_of("read", read, nullptr), stage_of("face", face, &read),
          stage_of("clear", clear, &face), stage_of("emotion", right, &clear)};
}

Answers genre_answers(std::span<const Case> cases, const Policy& policy,
                      const OnnxContract& contract) {
  return ask_all(cases, [&](const Case& one) -> std::optional<bool> {
    if (!policy.knows(one.label)) return std::nullopt;
    const auto found = one.found(contract);
    return found && policy.knows(*found) &&
           policy.wants(*found) == policy.wants(one.label);
  });
}

Answers mood_answers(std::span<const Case> cases, const Policy& policy,
                     const OnnxContract& contract, Served& served) {
  // "mood Happy"; neutral wants any, which nothing can miss.
  constexpr std::string_view kHead = "mood ";
  const Policy& table = find_policy("mood_table");
  return ask_all(cases, [&](const Case& one) -> std::optional<bool> {
    const std::string wanted = table.wants(one.label);
    if (!policy.knows(one.label) || !wanted.starts_with(kHead))
      return std::nullopt;
    const auto found = one.found(contract);
    return found && policy.knows(*found) &&
           served.mostly(*found, wanted.substr(kHead.size()));
  });
}

std::vector<ClassResult> by_class(std::span<const Case> cases,
                                  const OnnxContract& contract) {
  std::vector<ClassResult> results;
  for (const std::string& name : contract.classes) {
    ClassResult result{name, 0, 0, 0};
    for (const Case& one : cases) {
      if (one.label != parse_emotion(name)) continue;
      ++result.pictures;
      result.face += one.outcome && !one.outcome->faces.empty();
      result.right += one.found(contract) == one.label;
    }
    results.push_back(result);
  }
  return results;
}

double median(std::span<const Case> cases, double Outcome::*field) {
  std::vector<double> values;
  for (const Case& one : cases)
    if (one.outcome) values.push_back((*one.outcome).*field);
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

void look_at_all(std::vector<Case>& cases, const FacePipeline& pipeline,
                 const ValidateOptions& options) {
  parallel_for(
      cases.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
          look_at(cases[i], pipeline);
          if (options.advance) options.advance();
        }
      },
      1, options.threads);
}

}  // namespace

Validation validate(const FacePipeline& pipeline,
                    std::span<const LabelledPicture> pictures,
                    const ValidateOptions& options) {
  const OnnxContract& contract = pipeline.contract();
  const Policy& policy = find_policy(options.recommend.policy);
  // Now, not as a note that no emotion has songs.
  if (options.songs) {
    check_options(options.recommend);
    if (const auto& own = options.recommend.playlist; !own.empty())
      read_playlist(own);
  }
  std::vector<Case> cases = known_cases(pictures, emotions_of(contract));
  look_at_all(cases, pipeline, options);
  Validation result;
  result.policy = policy.name;
  result.given = std::ssize(pictures);
  result.left_out = result.given - std::ssize(cases);
  Answers right;
  result.stages = looking_stages(cases, contract, right);
  const Answers genre = genre_answers(cases, policy, contract);
  result.stages.push_back(stage_of("genre", genre, &right));
  if (options.songs && !options.songs->stock_of_moods().empty()) {
    Served served(options, result.notes);
    const Answers mood = mood_answers(cases, policy, contract, served);
    result.stages.push_back(stage_of("mood", mood, &genre));
  }
  result.classes = by_class(cases, contract);
  for (const Case& one : cases)
    if (!one.error.empty())
      result.unreadable.push_back(one.picture->name + ": " + one.error);
  result.search_ms = median(cases, &Outcome::search_ms);
  result.network_ms = median(cases, &Outcome::network_ms);
  return result;
}

}  // namespace fer
