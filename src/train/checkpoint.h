// Checkpoints: one safetensors file with weights, optimiser, average, and the
// JSON of everything else in its metadata, so that a file is whole or absent;
// the JSON also stands beside it for readers.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "core/json.h"
#include "models/model.h"
#include "models/safetensors.h"

namespace fer {

/// checkpoints/<name>.safetensors and .json of a run.
class CheckpointStore {
 public:
  explicit CheckpointStore(std::filesystem::path folder)
      : folder_(std::move(folder)) {}

  struct Checkpoint {
    TensorFile tensors;
    Json state;
  };

  std::filesystem::path path(const std::string& name) const;
  bool exists(const std::string& name) const;

  /// With keep_previous the file that stood there becomes "<name>.previous",
  /// until the next save: there is a good file at every moment.
  void save(const std::string& name, TensorFile tensors, const Json& state,
            bool keep_previous = false) const;

  /// DataError for a missing or damaged file.
  Checkpoint load(const std::string& name) const;

  /// Like load; a damaged file is reported to `warning` and the previous one is
  /// taken. DataError when that fails too.
  Checkpoint load_or_previous(const std::string& name,
                              std::string& warning) const;

 private:
  std::filesystem::path folder_;
};

/// Parameters and buffers as "model/<path>".
void add_model(TensorFile& file, const Model& model);
/// Copies them back; DataError for a missing tensor or another shape, with both
/// shapes.
void load_model(const TensorFile& file, Model& model);

}  // namespace fer
