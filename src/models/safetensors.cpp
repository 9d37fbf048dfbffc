#include "models/safetensors.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <unordered_set>

#include "config/faults.h"
#include "config/yaml_text.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "models/safetensors_header.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

using Bytes = std::span<const std::byte>;

constexpr uint64_t kMaxHeader = 100'000'000;
constexpr const char* kDataSum = "sha256";
constexpr const char* kHeaderSum = "header_sha256";  // of the rest of it

struct Dtype {
  const char* name;
  torch::ScalarType type;
};
constexpr std::array kDtypes = {
    Dtype{"F64", torch::kDouble}, Dtype{"F32", torch::kFloat},
    Dtype{"F16", torch::kHalf},   Dtype{"BF16", torch::kBFloat16},
    Dtype{"I64", torch::kLong},   Dtype{"I32", torch::kInt},
    Dtype{"U8", torch::kByte},    Dtype{"BOOL", torch::kBool}};

[[noreturn]] void damaged(const fs::path& path, const std::string& what) {
  fail<DataError>(
      "[safetensors] expected a sound file; got {} ({}). Take another copy.",
      what, path.string());
}

const char* dtype_name(torch::ScalarType type) {
  for (const Dtype& dtype : kDtypes) {
    if (dtype.type == type) return dtype.name;
  }
  fail<DataError>("[safetensors] expected a storable tensor type; got {}.",
                  torch::toString(type));
}

Bytes bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

// Bytes of a tensor; SIZE_MAX where they, or the strides beside a dimension of
// 0, overflow.
uint64_t byte_count(const std::vector<int64_t>& shape, uint64_t element) {
  int64_t size = static_cast<int64_t>(element);
  bool empty = false;
  for (const int64_t n : shape) {
    empty = empty || n == 0;
    if (__builtin_mul_overflow(size, std::max<int64_t>(n, 1), &size))
      return std::numeric_limits<uint64_t>::max();
  }
  return empty ? 0 : static_cast<uint64_t>(size);
}

torch::ScalarType type_of(const TableEntry& entry, const fs::path& path) {
  for (const Dtype& dtype : kDtypes) {
    if (entry.dtype == dtype.name) return dtype.type;
  }
  damaged(path, fmt::format("the dtype {} in {}", in_quotes(entry.dtype),
                            in_quotes(entry.name)));
}

// Allocates no more than the file holds.
torch::Tensor read_tensor(const TableEntry& entry, Bytes data,
                          uint64_t expected, const fs::path& path) {
  const torch::ScalarType type = type_of(entry, path);
  const uint64_t size = byte_count(entry.shape, torch::elementSize(type));
  const bool inside = entry.begin == expected && entry.begin <= entry.end &&
                      entry.end <= data.size();
  if (inside && size > data.size()) {
    damaged(path, fmt::format("a shape larger than the file in {}",
                              in_quotes(entry.name)));
  }
  if (!inside || entry.end - entry.begin != size) {
    damaged(path,
            fmt::format("wrong data offsets in {}", in_quotes(entry.name)));
  }
  torch::Tensor tensor = torch::empty(entry.shape, type);
  if (size > 0) std::memcpy(tensor.data_ptr(), data.data() + entry.begin, size);
  return tensor;
}

// Of the header as text, without this sum itself.
std::string header_sum(TensorTable table) {
  std::erase_if(table.metadata,
                [](const auto& item) { return item.first == kHeaderSum; });
  return sha256(table_text(table));
}

void check_sums(const TensorTable& table, Bytes data, const fs::path& path) {
  for (const auto& [key, value] : table.metadata) {
    if (key == kHeaderSum && value != header_sum(table))
      damaged(path, "a wrong checksum of the header");
    if (key == kDataSum && value != sha256(data))
      damaged(path, "a wrong checksum");
  }
}

// The header as text, and the data behind it.
std::pair<std::string_view, Bytes> parts_of(Bytes bytes, const fs::path& path) {
  uint64_t length = 0;
  if (bytes.size() < sizeof length) damaged(path, "an empty or cut file");
  std::memcpy(&length, bytes.data(), sizeof length);
  const Bytes rest = bytes.subspan(sizeof length);
  if (length > kMaxHeader || length > rest.size())
    damaged(path, "a header longer than the file");
  return {{reinterpret_cast<const char*>(rest.data()), length},
          rest.subspan(length)};
}

TensorTable read_table(std::string_view text, const fs::path& path) {
  try {
    return parse_table(text);
  } catch (const TableFault& fault) {
    damaged(path, fault.what);
  }
}

void require_text(const std::string& text) {
  if (find_invalid_utf8(text) == std::string::npos) return;
  std::string shown;
  for (const char c : text) shown += c & 0x80 ? '?' : c;
  fail<DataError>(
      "[safetensors] expected names and text in UTF-8; got other bytes in {}. "
      "Name it in UTF-8.",
      in_quotes(shown));
}

TableEntry entry_of(const std::string& name, const torch::Tensor& tensor,
                    uint64_t begin) {
  require_text(name);
  return {name, dtype_name(tensor.scalar_type()), tensor.sizes().vec(), begin,
          begin + tensor.nbytes()};
}

}  // namespace

const torch::Tensor& TensorFile::at(const std::string& name) const {
  for (const auto& [key, tensor] : tensors) {
    if (key == name) return tensor;
  }
  fail<DataError>("[safetensors] expected a tensor '{}'; got {} others.", name,
                  tensors.size());
}

void write_safetensors(const fs::path& path, const TensorFile& file) {
  std::vector<torch::Tensor> stored;
  TensorTable table;
  Sha256 hash;
  std::unordered_set<std::string> names = {"__metadata__"};
  uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    stored.push_back(tensor.detach().to(torch::kCPU).contiguous());
    if (!names.insert(name).second) {
      fail<DataError>(
          "[safetensors] expected tensors of different names; got '{}' twice.",
          name);
    }
    table.entries.push_back(entry_of(name, stored.back(), offset));
    offset = table.entries.back().end;
    hash.update(bytes_of(stored.back()));
  }
  for (const auto& [key, value] : file.metadata) {
    require_text(key);
    require_text(value);
    if (key != kDataSum && key != kHeaderSum)
      table.metadata.emplace_back(key, value);
  }
  table.metadata.emplace_back(kDataSum, hash.hex());
  table.metadata.emplace_back(kHeaderSum, header_sum(table));
  std::string text = table_text(table);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data starts aligned
  const uint64_t length = text.size();

  AtomicFile out(path);
  out.write(std::as_bytes(std::span(&length, 1)));
  out.write(text);
  for (const torch::Tensor& tensor : stored) out.write(bytes_of(tensor));
  out.commit();
}

TensorFile read_safetensors(const fs::path& path) {
  const MappedFile mapped(path);
  const auto [text, data] = parts_of(mapped.bytes(), path);
  const TensorTable table = read_table(text, path);
  TensorFile file;
  for (const auto& [key, value] : table.metadata) file.metadata[key] = value;
  std::vector<TableEntry> entries = table.entries;
  std::ranges::stable_sort(entries, {}, [](const TableEntry& entry) {
    return std::pair(entry.begin, entry.end);
  });
  uint64_t expected = 0;
  for (const TableEntry& entry : entries) {
    file.tensors.emplace_back(entry.name,
                              read_tensor(entry, data, expected, path));
    expected = entry.end;
  }
  if (expected != data.size()) damaged(path, "data that no tensor names");
  check_sums(table, data, path);
  return file;
}

}  // namespace fer
