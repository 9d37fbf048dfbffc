// Scores as they are printed, for tests.
#pragma once

#include "reproduce/feasible.h"

namespace fer {

struct PrintedScores {
  const char* accuracy = "";
  const char* precision = "";
  const char* recall = "";
  const char* specificity = "";
  const char* f1 = "";
};

/// An empty text leaves its score free.
inline ScoreBounds score_bounds(const PrintedScores& texts,
                                Rounding rounding = Rounding::kNearest) {
  const auto bounds = [&](const char* text) -> std::optional<Bounds> {
    if (!*text) return std::nullopt;
    return bounds_of(parse_printed(text), rounding);
  };
  return {bounds(texts.accuracy), bounds(texts.precision), bounds(texts.recall),
          bounds(texts.specificity), bounds(texts.f1)};
}

}  // namespace fer
