// Who a run is: what names it on the leaderboard and in the ledger, and what
// its numbers cost. From metrics.json; where an older run lacks a key, from
// config.yaml, environment.json, audit.json and history.csv.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/run_files.h"

namespace fer {

struct RunOrigin {
  std::string experiment;  ///< never empty
  std::string protocol;    ///< never empty
  std::string dataset;     ///< dataset_name() below
  int64_t seed = 0;
  std::string model;        ///< "fernet"; this and the texts below may be ""
  std::string fingerprint;  ///< SHA-256 of the images as the model saw them
  std::string image_shape;  ///< "1x48x48": fingerprints compare within one
  std::string hardware, commit, started;
  bool leaky = false;
  std::optional<double> leaky_share;  ///< of the test images, 0 to 1
  std::optional<double> parameters, flops;
  std::optional<double> train_seconds, images_per_second, onnx_bytes;
  /// Settings that make the experiment what it is, dotted name to text; without
  /// those that may differ between its seeds (see kOwnSettings in the source).
  std::map<std::string, std::string> settings;
};

/// DataError when experiment, protocol or seed stand nowhere, or config.yaml is
/// no YAML.
RunOrigin read_run_origin(const RunFiles& run);

/// "fer2013 (happy, sad)", "fer2013 (7 classes)", "synthetic (happy, sad)":
/// the source file's name without its endings, or "synthetic" with the settings
/// that differ from the defaults ("synthetic seed=8"), then the classes, by
/// name up to three.
std::string dataset_name(const std::map<std::string, std::string>& all_settings,
                         const std::vector<std::string>& class_names,
                         const std::string& source);

/// Every setting of a config.yaml, dotted name to text; lists as "[a, b]".
std::map<std::string, std::string> flat_settings(const std::string& yaml,
                                                 const std::string& name);

}  // namespace fer
