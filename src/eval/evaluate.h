// The stage after training: predictions, metrics and samples into the run
// folder.
#pragma once

#include <string>
#include <vector>

#include "data/image_set.h"
#include "data/split.h"
#include "train/run_folder.h"

namespace fer {

/// DataError where `images` are not those that the run's audit.json speaks of;
/// a run without one is new.
void require_same_images(const std::filesystem::path& run_dir,
                         const ImageSet& images);

/// Scores the splits with the chosen checkpoint (best; last where no best was
/// kept) and writes predictions-<split>.csv, samples-<split>.json and the
/// splits' objects in metrics.json; the objects of other splits stay. Where the
/// images carry a second label set, predictions-<split>-<its name>.csv and an
/// object "<split>-<its name>" score the same predictions against it. Returns
/// the whole metrics.json. Throws DataError where the run has no checkpoint.
Json evaluate_run(const RunFolder& run, const ImageSet& images,
                  const Split& split, const std::vector<std::string>& splits,
                  DeviceKind device);

/// Writes audit.json, and trained_on.csv for runs that start from this one's
/// weights. DataError under a protocol that is not leaky by definition for
/// copies or near twins across splits, and for weights that have seen images of
/// val or test (refuse_seen): a split that leaks stops the run.
Json audit_run(const std::filesystem::path& run_dir, const ImageSet& images,
               const Split& split, const Config& config);

/// The check of audit_run alone.
void refuse_leak(const Json& audit, Protocol protocol);

}  // namespace fer
