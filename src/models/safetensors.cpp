#include "models/safetensors.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"

namespace fer {
namespace {

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

[[noreturn]] void damaged(const std::filesystem::path& path,
                          const std::string& what) {
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

std::span<const std::byte> bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

// Bytes of a tensor; 0 where a dimension is, SIZE_MAX where they overflow.
uint64_t byte_count(const std::vector<int64_t>& shape, uint64_t element) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  uint64_t size = element;
  for (const int64_t n : shape) {
    if (n < 0 ||
        __builtin_mul_overflow(size, static_cast<uint64_t>(n), &size)) {
      return std::numeric_limits<uint64_t>::max();
    }
  }
  return size;
}

struct Entry {
  std::string name;
  const Dtype* dtype;
  std::vector<int64_t> shape;
  uint64_t begin, end;
};

Entry parse_entry(const std::string& name, const Json& json,
                  const std::filesystem::path& path) {
  const auto type = json.at("dtype").get<std::string>();
  Entry entry{name, nullptr, json.at("shape").get<std::vector<int64_t>>(),
              json.at("data_offsets").at(0).get<uint64_t>(),
              json.at("data_offsets").at(1).get<uint64_t>()};
  for (const Dtype& dtype : kDtypes) {
    if (type == dtype.name) entry.dtype = &dtype;
  }
  if (!entry.dtype) {
    damaged(path, fmt::format("the dtype {} in '{}'", type, name));
  }
  return entry;
}

torch::Tensor read_tensor(const Entry& entry, std::span<const std::byte> data,
                          uint64_t expected,
                          const std::filesystem::path& path) {
  const uint64_t size =
      byte_count(entry.shape, torch::elementSize(entry.dtype->type));
  const bool inside = entry.begin == expected && entry.begin <= entry.end &&
                      entry.end <= data.size();
  if (inside && size > data.size()) {
    damaged(path,
            fmt::format("a shape larger than the file in '{}'", entry.name));
  }
  if (!inside || entry.end - entry.begin != size) {
    damaged(path, fmt::format("wrong data offsets in '{}'", entry.name));
  }
  torch::Tensor tensor = torch::empty(entry.shape, entry.dtype->type);
  if (size > 0) std::memcpy(tensor.data_ptr(), data.data() + entry.begin, size);
  return tensor;
}

// Of the header as text, without this sum itself.
std::string header_sum(Json header) {
  header["__metadata__"].erase(kHeaderSum);
  return sha256(header.dump());
}

void check_sums(const Json& header, const TensorFile& file,
                std::span<const std::byte> data,
                const std::filesystem::path& path) {
  const auto of_header = file.metadata.find(kHeaderSum);
  if (of_header != file.metadata.end() &&
      of_header->second != header_sum(header)) {
    damaged(path, "a wrong checksum of the header");
  }
  const auto of_data = file.metadata.find(kDataSum);
  if (of_data != file.metadata.end() && of_data->second != sha256(data)) {
    damaged(path, "a wrong checksum");
  }
}

}  // namespace

const torch::Tensor& TensorFile::at(const std::string& name) const {
  for (const auto& [key, tensor] : tensors) {
    if (key == name) return tensor;
  }
  fail<DataError>("[safetensors] expected a tensor '{}'; got {} others.", name,
                  tensors.size());
}

bool TensorFile::has(const std::string& name) const {
  for (const auto& item : tensors) {
    if (item.first == name) return true;
  }
  return false;
}

void write_safetensors(const std::filesystem::path& path,
                       const TensorFile& file) {
  std::vector<torch::Tensor> stored;
  Json entries = Json::object();
  Sha256 hash;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    stored.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const uint64_t end = offset + stored.back().nbytes();
    if (entries.contains(name)) {
      fail<DataError>(
          "[safetensors] expected tensors of different names; got '{}' twice.",
          name);
    }
    entries[name] = {{"dtype", dtype_name(tensor.scalar_type())},
                     {"shape", tensor.sizes().vec()},
                     {"data_offsets", {offset, end}}};
    offset = end;
    hash.update(bytes_of(stored.back()));
  }
  Json metadata(file.metadata);
  metadata[kDataSum] = hash.hex();
  Json header = {{"__metadata__", metadata}};
  header.update(entries);
  header["__metadata__"][kHeaderSum] = header_sum(header);
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data starts aligned
  const uint64_t length = text.size();

  AtomicFile out(path);
  out.write(std::as_bytes(std::span(&length, 1)));
  out.write(text);
  for (const torch::Tensor& tensor : stored) out.write(bytes_of(tensor));
  out.commit();
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  const MappedFile mapped(path);
  const auto bytes = mapped.bytes();
  uint64_t length = 0;
  if (bytes.size() < sizeof length) damaged(path, "an empty or cut file");
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > kMaxHeader || length > bytes.size() - sizeof length) {
    damaged(path, "a header longer than the file");
  }
  const auto* begin =
      reinterpret_cast<const char*>(bytes.data()) + sizeof length;
  const auto data = bytes.subspan(sizeof length + length);
  TensorFile file;
  try {
    const Json header = Json::parse(begin, begin + length);
    if (!header.is_object()) damaged(path, "a header that is no tensor table");
    std::vector<Entry> entries;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        file.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        entries.push_back(parse_entry(name, entry, path));
      }
    }
    std::ranges::stable_sort(entries, {}, [](const Entry& entry) {
      return std::pair(entry.begin, entry.end);
    });
    uint64_t expected = 0;
    for (const Entry& entry : entries) {
      file.tensors.emplace_back(entry.name,
                                read_tensor(entry, data, expected, path));
      expected = entry.end;
    }
    if (expected != data.size()) damaged(path, "data that no tensor names");
    check_sums(header, file, data, path);
  } catch (const Json::exception&) {
    damaged(path, "a header that is no tensor table");
  }
  return file;
}

}  // namespace fer
