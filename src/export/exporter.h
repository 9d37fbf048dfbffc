// From a trained model to an ONNX file, for every model alike: trace one
// forward pass, write each operator as the table of operators.cpp has it.
#pragma once

#include <onnx/onnx_pb.h>

#include "deploy/onnx_contract.h"
#include "models/model.h"

namespace fer {

/// The graph from raw pixels to probabilities, with the contract as metadata:
/// opset 17, IR version 8, parameters under their own names, open batch `N`,
/// checked and with all shapes. `model` is on the CPU and stays as it is; it
/// takes contract.height x width x channels and gives one logit per class, or
/// one for two classes. DataError for another output, a baked-in batch size, an
/// operator that the table does not have, and weights beyond 2 GB.
onnx::ModelProto export_model(Model& model, const OnnxContract& contract);

}  // namespace fer
