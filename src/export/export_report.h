// export.json: what was exported, how it was checked, how fast it is.
#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "export/fold_batch_norm.h"
#include "export/latency.h"
#include "export/quantize.h"
#include "export/verify.h"

namespace fer {

struct ExportReport {
  std::string file;       ///< name of the ONNX file, without its folder
  std::string precision;  ///< fp32, fp16 or int8
  int64_t opset = 0;
  int64_t size_bytes = 0;
  std::string sha256;
  int64_t parameters = 0;  ///< numbers in the file's weights
  FoldResult fold;
  QuantizeResult quantize;  ///< empty unless int8
  int64_t calibration_images = 0;
  VerifyResult verify;
  std::vector<Latency> latency;
  /// Threads, processor and what else the figures depend on.
  Json machine = Json::object();

  Json to_json() const;
};

/// Fills file, precision, opset, size, hash and parameters from the bytes.
ExportReport describe_export(const std::filesystem::path& file,
                             std::string_view onnx);

/// A table for the terminal: one line per check and per runtime.
std::string export_text(const ExportReport& report);

}  // namespace fer
