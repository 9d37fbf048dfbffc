// Which operators of a forward pass can be exported, and how.
#pragma once

#include <string>
#include <vector>

#include "export/operator_call.h"

namespace fer {

/// Adds the nodes of one operator and returns the names of its outputs, at
/// least of the first.
using Emit = TensorNames (*)(OperatorCall& call);

/// How `op` is written in ONNX; "aten::relu_" is "aten::relu". DataError names
/// an unknown operator, its place in the model and the table to extend.
Emit find_operator(const TracedOperator& op);

/// Names in the table, sorted: "aten::add", ...
std::vector<std::string> known_operators();

}  // namespace fer
