// `ferbench export`: a run's model as a verified ONNX file.
#pragma once

#include <filesystem>
#include <string>

#include "data/image_set.h"
#include "data/split.h"
#include "export/export_report.h"
#include "train/run_folder.h"

namespace fer {

struct ExportOptions {
  /// Empty: model.onnx, model-fp16.onnx or model-int8.onnx in the run folder.
  std::filesystem::path file;
  std::string precision = "fp32";  ///< fp32, fp16 or int8
  bool fold = true;                ///< BatchNormalization into its neighbours
  bool nhwc = true;                ///< layout of the input, else nchw
  bool uint8_input = true;         ///< type of the input, else float32
  /// Points of accuracy that may be lost on the validation split.
  double max_drop = 0.5;
  /// Training images that the ranges of int8 are measured on, at most.
  int64_t calibration_images = 512;
  LatencyOptions latency = {};  ///< how long speed is measured
};

/// Exports the checkpoint that evaluate.checkpoint names, compares the file
/// with the model on the whole test split (val where there is no test), what it
/// loses of its accuracy on val (training images where there is none), and only
/// then writes it, and its report into the run's export.json under the file's
/// name. DataError where something cannot be exported or a check fails: then
/// nothing is written, and what stood there stays.
ExportReport export_run(const RunFolder& run, const ImageSet& images,
                        const Split& split, const ExportOptions& options);

}  // namespace fer
