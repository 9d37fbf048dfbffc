// Many pictures at once: what `ferbench predict` does, and the frames that
// `ferbench recommend` starts from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "deploy/face_pipeline.h"
#include "deploy/picture_files.h"

namespace fer {

/// What came of a picture, or of a frame of a video.
struct Prediction {
  std::string file;
  std::optional<int64_t> frame;  ///< of a video, from 0
  Outcome outcome;
  std::string error;  ///< why it could not be read; empty: `outcome` holds
};

struct PredictOptions {
  /// Of a video, every n-th frame from the first on; 1 or more.
  int every = 1;
  /// Folder for PNGs with box, class and probability, named after the files;
  /// empty: none.
  std::filesystem::path annotated;
  unsigned threads = 0;  ///< files side by side; 0: as many as cores
};

/// Calls `take` for each picture and frame in the order of `files`, one call at
/// a time, as soon as all before it are done. A file that cannot be read is
/// taken with its error. Of a video under FaceChoice::kLatest only the last
/// frame with a face is taken (the last one, when none has). Throws what `take`
/// throws, and what keeps annotated pictures from being written.
void predict_files(const FacePipeline& pipeline,
                   std::span<const PictureFile> files,
                   const PredictOptions& options,
                   const std::function<void(const Prediction&)>& take);

}  // namespace fer
