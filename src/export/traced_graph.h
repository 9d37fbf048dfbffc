// A network as the list of operators that one forward pass went through. Knows
// neither torch nor ONNX: trace.cpp fills it, the exporter reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fer {

enum class ElementType { kFloat32, kFloat64, kUint8, kInt32, kInt64, kBool };

/// "float32", "uint8", ...
const char* word(ElementType type);
size_t bytes_per_element(ElementType type);

/// Sizes by dimension; below 0 where the batch decides.
using Shape = std::vector<int64_t>;
inline constexpr int64_t kBatch = -1;    ///< the batch size itself
inline constexpr int64_t kDerived = -2;  ///< a multiple of it, say

/// "[N, 3, 48, 48]"; "?" for kDerived.
std::string to_text(const Shape& shape);

/// Numbers that do not depend on the images: a parameter, a buffer, or what the
/// forward pass brings along.
struct TracedConstant {
  std::string name;  ///< of the parameter or buffer; empty for others
  Shape shape;
  ElementType type = ElementType::kFloat32;
  std::span<const std::byte> bytes;  ///< contiguous, little-endian
  std::shared_ptr<const void> owner;
};

/// Index into TracedGraph::tensors.
struct TensorId {
  size_t index = 0;
  bool operator==(const TensorId&) const = default;
};

struct TracedTensor {
  Shape shape;
  ElementType type = ElementType::kFloat32;
  std::optional<TracedConstant> constant;
};

/// None, or what an operator is called with.
using Argument = std::variant<std::monostate, TensorId, bool, int64_t, double,
                              std::string, std::vector<int64_t>,
                              std::vector<double>, std::vector<TensorId>>;

struct TracedOperator {
  std::string name;                                         ///< "aten::conv2d"
  std::vector<std::pair<std::string, Argument>> arguments;  ///< by schema name
  std::vector<TensorId> outputs;
  /// Path of the module whose parameters it uses, or of the last such module
  /// before it; empty before the first.
  std::string module;
  bool in_module = false;  ///< uses parameters of `module` itself
};

struct TracedGraph {
  std::vector<TracedTensor> tensors;
  std::vector<TracedOperator> operators;  ///< in the order of execution
  TensorId input, output;
};

/// "in 'block1_conv1'", "behind 'block1_conv1'" or "before the first layer".
std::string place(const TracedOperator& op);

/// One graph from two traces of the same network with different batch sizes:
/// dimensions that differ become kBatch or kDerived. DataError for an argument
/// or a constant that differs: the model has baked the batch size in.
TracedGraph merge_batches(TracedGraph smaller, const TracedGraph& larger);

}  // namespace fer
