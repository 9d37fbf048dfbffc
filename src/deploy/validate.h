// What a model's accuracy is worth downstream: labelled photographs through the
// whole chain, and how many are lost at each stage.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "deploy/face_pipeline.h"
#include "deploy/labelled_pictures.h"
#include "songs/recommend.h"

namespace fer {

/// A stage is asked of `of` pictures. The first four build upon one another:
///   read      the file is a picture
///   face      a face was found
///   clear     the likeliest emotion reached the smallest confidence
///   emotion   it is the right one
/// The others look at what was served, so that a wrong emotion may come right
/// again (fear taken for disgust: Calm both times):
///   genre     the policy asks for the songs that it asks for under the right
///             emotion; of pictures whose emotion the policy knows
///   mood      at least half of the songs served carry, in the catalogue's mood
///             column, the mood that source 004's table gives to the right
///             emotion; of pictures with such a mood, where there is a column
struct Stage {
  std::string name;
  int64_t kept = 0;
  int64_t of = 0;
  int64_t lost = 0;    ///< passed the stage before, not this one
  int64_t gained = 0;  ///< the other way round
};

struct ClassResult {
  std::string name;
  int64_t pictures = 0, face = 0, right = 0;
};

struct Validation {
  std::string policy;
  int64_t given = 0;     ///< pictures
  int64_t left_out = 0;  ///< with an emotion that the model does not know
  std::vector<Stage> stages;
  std::vector<ClassResult> classes;     ///< by class of the model
  std::vector<std::string> unreadable;  ///< "name: reason"
  std::vector<std::string> notes;
  double search_ms = 0, network_ms = 0;  ///< medians over the pictures read
};

struct ValidateOptions {
  RecommendOptions recommend;
  const SongDatabase* songs = nullptr;  ///< null: no stage `mood`
  unsigned threads = 0;                 ///< pictures side by side
  std::function<void()> advance;        ///< after each picture, if set
};

/// DataError: a label that is no emotion, no picture whose label the model
/// knows, a class of the model that is no emotion.
Validation validate(const FacePipeline& pipeline,
                    std::span<const LabelledPicture> pictures,
                    const ValidateOptions& options = {});

/// Every stage with its share and its 95 % interval (Wilson).
Json validation_json(const Validation& validation);
std::string validation_text(const Validation& validation);

}  // namespace fer
