// Where a run's numbers come from: the part of metrics.json that speaks of the
// run as a whole. The leaderboard shows it beside every score.
#pragma once

#include "core/json.h"
#include "data/image_set.h"
#include "models/model.h"
#include "train/run_folder.h"

namespace fer {

/// From the run folder (config.yaml, environment.json, audit.json, history.csv)
/// and the model: experiment, seed, protocol, leaky, leaky_share, model {name,
/// parameters, trainable_parameters, flops (one image, forward)}, data
/// {fingerprint, source}, device, precision, hardware, commit, train_seconds
/// and images_per_second (training part of all epochs). What a file does not
/// say is null.
Json run_origin(const RunFolder& run, const ImageSet& images, Model& model);

}  // namespace fer
