// Which images weights have learned from, and whether the validation and test
// images of a run that starts from them are among those.
#pragma once

#include <filesystem>

#include "config/sections.h"
#include "core/json.h"
#include "data/image_set.h"
#include "data/split.h"
#include "data/twins.h"

namespace fer {

/// Writes <run_dir>/trained_on.csv: the training images and all their twins,
/// and all rows of the run that model.weights.file comes from, so that one
/// table tells of the whole line of weights. Columns: `source` (within it an id
/// means one image), `id`, `picture` (SHA-256 of the image in gray, 48 x 48,
/// the first 16 digits; empty for a blank one), `trained` (1; 0 for a twin
/// alone).
void write_trained_on(const std::filesystem::path& run_dir,
                      const ImageSet& images, const Split& split,
                      const Twins& twins, const Config& config);

/// What the weights have seen of the split. Null where there is no
/// model.weights; otherwise
///   {"file", "run": folder of the run that made the file, null: not one of
///    ferbench, "trained_on": different images, "val", "test":
///    {"rows", "seen": rows of which the image or a twin is in the run's table,
///     "share", "share_with_train": of rows that are there or have a twin in
///     the split's own train}}
/// What is not known is null. An image is found by source and id, or by its
/// picture; twins of the tables' images and of the split's both count.
Json weights_overlap(const ImageSet& images, const Split& split,
                     const Twins& twins, const Config& config);

/// DataError where validation or test images were seen, or where a run of
/// ferbench does not tell, but not under a protocol that leaks by design.
void refuse_seen(const Json& overlap, Protocol protocol);

}  // namespace fer
