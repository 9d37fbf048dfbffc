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

/// "best" or "last": what evaluate.checkpoint names, else the last one.
/// DataError: a run without a checkpoint.
std::string chosen_checkpoint(const RunFolder& run);

/// The chosen checkpoint of a run that learned classes. `class_names`: by
/// label; empty: those of audit.json. DataError: a run without a checkpoint or
/// an audit, or one of `ferbench pretrain`.
TrainedModel open_trained(const RunFolder& run,
                          std::vector<std::string> class_names = {});

}  // namespace fer
