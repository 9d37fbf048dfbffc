// Half precision: weights and arithmetic in fp16, inputs and outputs as before.
#pragma once

#include <onnx/onnx_pb.h>

namespace fer {

/// Turns every float32 weight and activation between the input and the output
/// into float16. The input's scaling, LayerNormalization, Softmax, Sigmoid,
/// ReduceMean, ReduceSum and what follows the logits stay float32, between
/// casts. DataError names the weight whose values are beyond 65504.
void to_half(onnx::ModelProto& model);

}  // namespace fer
