// Options of every verb that looks at photographs: predict, recommend,
// validate, serve.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "deploy/face_pipeline.h"

namespace fer {

struct FaceOptions {
  std::string model;  ///< ONNX file; empty: the released one
  std::string arithmetic = "f32", faces = "largest";
  int threads = 0;
  PipelineOptions pipeline;

  /// Opens the model and the cascade, for `at_once` pictures side by side (as
  /// far as there are threads).
  FacePipeline open(size_t at_once = 1) const;
};

/// --model, --faces, --min-confidence, --margin, --contrast, --whole-picture,
/// --cascade, --scale-factor, --neighbours, --min-size, --search-side,
/// --arithmetic, --threads. `options` must outlive the parsing.
void add_face_options(CLI::App& verb, FaceOptions& options);

}  // namespace fer
