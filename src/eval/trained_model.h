// The model of a run, ready to answer, from the run folder alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.h"
#include "train/run_folder.h"

namespace fer {

struct TrainedModel {
  ModelPtr model;  ///< on the CPU, in evaluation mode
  ModelShape shape;
  std::vector<std::string> class_names;  ///< by label
  std::string checkpoint;                ///< "best" or "last"
  int64_t epoch = 0;                     ///< that it was saved after
};

/// The checkpoint that evaluate.checkpoint names, else the last one; classes
/// from audit.json. DataError: a run without a checkpoint or an audit.
TrainedModel open_trained(const RunFolder& run);

/// The same where the classes are known, by label.
TrainedModel open_trained(const RunFolder& run,
                          std::vector<std::string> class_names);

}  // namespace fer
