// The last steps on every ONNX model before it is written.
#pragma once

#include <onnx/onnx_pb.h>

#include "deploy/onnx_contract.h"

namespace fer {

/// Says what the file is: metadata, description, producer and its version.
void label_model(onnx::ModelProto& model, const OnnxContract& contract,
                 const std::string& version);

/// ONNX's checker, then the shapes of all tensors. DataError with what they
/// say, and above 2 GB, which is protobuf's limit.
void check_model(onnx::ModelProto& model);

}  // namespace fer
