// The pictures on which two entries differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compare/lineup.h"

namespace fer {

/// What an entry says about one image.
struct EntryAnswer {
  std::string predicted;   ///< by most seeds; the first class of equals
  double probability = 0;  ///< of `predicted`, mean over the seeds
  size_t right = 0;        ///< seeds that are right
  size_t seeds = 1;
};

struct Disagreement {
  std::string id;
  std::string label;
  size_t rows = 1;  ///< rows with this id (an upsampled image has several)
  EntryAnswer a, b;
};

/// One seed each: images that one alone has right. Several seeds: images that
/// one has right in a larger share of its seeds. An id stands once. First those
/// with the largest difference in the share of right seeds, then in the
/// probability of the true class.
struct Disagreements {
  std::vector<Disagreement> a_better, b_better;
};

Disagreements find_disagreements(const Lineup& lineup, size_t a, size_t b);

}  // namespace fer
