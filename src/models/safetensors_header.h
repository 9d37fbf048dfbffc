// The header of a safetensors file: a JSON table of tensors and text. Made for
// files of strangers: what it reads is bounded, flat and without surprises.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fer {

/// One tensor: bytes begin to end of the data behind the header.
struct TableEntry {
  std::string name, dtype;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};

/// In the order of the file.
struct TensorTable {
  std::vector<TableEntry> entries;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// Why a header cannot be read: a noun phrase, "the name "a" twice".
struct TableFault {
  std::string what;
};

/// At most so many tensors, each of at most so many dimensions.
inline constexpr size_t kMaxTensors = 100'000;
inline constexpr size_t kMaxDimensions = 64;

/// Throws TableFault for anything but an object of tensors {dtype, shape,
/// data_offsets} and "__metadata__" {text: text}: other keys, names twice,
/// numbers that are negative or not whole, text that is not UTF-8, too many
/// tensors or dimensions. Uses memory in proportion to `text`, and no stack.
TensorTable parse_table(std::string_view text);

/// Compact JSON, metadata first; names and text must be UTF-8.
std::string table_text(const TensorTable& table);

}  // namespace fer
