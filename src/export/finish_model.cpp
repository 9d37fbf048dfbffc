#include "export/finish_model.h"

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

// What libraries say, on one line.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.substr(0, 300);
}

}  // namespace

void label_model(onnx::ModelProto& model, const OnnxContract& contract,
                 const std::string& version) {
  model.set_producer_name("ferbench");
  model.set_producer_version(version);
  model.set_model_version(1);
  model.set_doc_string(fmt::format(
      "{} ({}). Input '{}': raw pixels, 0 to 255. Output '{}': one probability "
      "per class: {}.",
      contract.model, contract.experiment, OnnxContract::kInputName,
      OnnxContract::kOutputName, join(contract.classes, ", ")));
  model.clear_metadata_props();
  for (const auto& [key, value] : to_metadata(contract)) {
    auto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
}

void check_model(onnx::ModelProto& model) {
  const size_t size = model.ByteSizeLong();
  if (size > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    fail<DataError>(
        "[export] expected at most 2 GB in one ONNX file; got {:.1f} GB. Take "
        "a smaller model.",
        static_cast<double>(size) / 1e9);
  }
  try {
    onnx::checker::check_model(model);
    onnx::shape_inference::InferShapes(model,
                                       onnx::OpSchemaRegistry::Instance(),
                                       {/*check_type=*/true, /*strict=*/1,
                                        /*data_prop=*/true});
  } catch (const std::exception& error) {
    fail<DataError>(
        "[export] expected a graph that ONNX's checker accepts; got: {}. This "
        "is a fault of the exporter: please report the model.",
        one_line(error.what()));
  }
}

}  // namespace fer
