// The constants of an ONNX file: their numbers, and back.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fer {

/// In double whatever the type in the file.
struct Constant {
  std::vector<int64_t> dims;
  std::vector<double> values;

  /// The numbers of one place along the axes behind `axis`.
  size_t inner(size_t axis) const;
};

/// float32, float16 or double values. DataError, with `where` at the front, for
/// other types and where sizes disagree.
Constant constant_of(const onnx::TensorProto& tensor, const std::string& where);

/// float32 of these values.
onnx::TensorProto float_tensor(const Constant& value);

}  // namespace fer
