#include "export/export_report.h"

#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "deploy/onnx_contract.h"

namespace fer {
namespace {

/// Numbers in the weights; the scales and zero points of int8 are not weights.
int64_t count_parameters(const onnx::GraphProto& graph) {
  std::set<std::string> steps;
  for (const auto& node : graph.node()) {
    if (node.op_type() != "QuantizeLinear" &&
        node.op_type() != "DequantizeLinear")
      continue;
    for (int i = 1; i < node.input_size(); ++i) steps.insert(node.input(i));
  }
  int64_t count = 0;
  for (const auto& t : graph.initializer()) {
    const bool weight = t.data_type() == onnx::TensorProto::FLOAT ||
                        t.data_type() == onnx::TensorProto::FLOAT16 ||
                        t.data_type() == onnx::TensorProto::INT8;
    if (!weight || t.dims_size() == 0 || steps.count(t.name())) continue;
    int64_t size = 1;
    for (const int64_t dim : t.dims()) size *= dim;
    count += size;
  }
  return count;
}

std::string precision_of(const onnx::ModelProto& model) {
  for (const auto& entry : model.metadata_props())
    if (entry.key() == "ferbench.precision") return entry.value();
  return "unknown";
}

Json fold_json(const FoldResult& fold) {
  return {{"backward", fold.backward},
          {"forward", fold.forward},
          {"left", fold.left}};
}

}  // namespace

Json ExportReport::to_json() const {
  Json json = {{"file", file},
               {"precision", precision},
               {"opset", opset},
               {"size_bytes", size_bytes},
               {"sha256", sha256},
               {"parameters", parameters},
               {"batch_norm", fold_json(fold)}};
  if (precision == "int8")
    json["int8"] = {{"calibration_images", calibration_images},
                    {"layers", quantize.quantized.size()},
                    {"kept_in_float", quantize.kept}};
  json["verification"] = verify.to_json();
  json["latency"] = Json::array();
  for (const Latency& row : latency) json["latency"].push_back(row.to_json());
  json["machine"] = machine;
  return json;
}

ExportReport describe_export(const std::filesystem::path& file,
                             std::string_view onnx) {
  onnx::ModelProto model;
  if (!model.ParseFromArray(onnx.data(), static_cast<int>(onnx.size()))) {
    fail<DataError>("[export] expected an ONNX file; got {} other bytes ({}).",
                    onnx.size(), file.string());
  }
  ExportReport report;
  report.file = file.filename().string();
  report.precision = precision_of(model);
  for (const auto& opset : model.opset_import())
    if (opset.domain().empty()) report.opset = opset.version();
  report.size_bytes = static_cast<int64_t>(onnx.size());
  report.sha256 = fer::sha256(onnx);
  report.parameters = count_parameters(model.graph());
  return report;
}

std::string export_text(const ExportReport& report) {
  std::vector<std::vector<std::string>> checks{{"check", "", "got"}};
  for (const Check& check : report.verify.checks)
    checks.push_back(
        {check.name, check.passed ? "passed" : "FAILED", check.got});
  std::string text = fmt::format("{}: {}, opset {}, {:.2f} MB, {} parameters\n",
                                 report.file, report.precision, report.opset,
                                 static_cast<double>(report.size_bytes) / 1e6,
                                 report.parameters);
  text += format_table(checks);
  if (report.latency.empty()) return text;
  std::vector<std::vector<std::string>> rows{
      {"runtime", "median ms", "p90 ms", "p99 ms", "images/s"}};
  for (const Latency& row : report.latency)
    rows.push_back({row.runtime, fmt::format("{:.3f}", row.median_ms),
                    fmt::format("{:.3f}", row.p90_ms),
                    fmt::format("{:.3f}", row.p99_ms),
                    fmt::format("{:.0f}", row.images_per_second)});
  return text + format_table(rows);
}

}  // namespace fer
