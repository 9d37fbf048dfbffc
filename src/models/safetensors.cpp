#include "models/safetensors.h"

#include <ATen/ATen.h>

#include <array>
#include <cstring>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"

namespace fer {
namespace {

constexpr uint64_t kMaxHeader = 100'000'000;

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

torch::Tensor read_tensor(const std::string& name, const Json& entry,
                          std::span<const std::byte> data, uint64_t& expected,
                          const std::filesystem::path& path) {
  const auto type = entry.at("dtype").get<std::string>();
  const auto shape = entry.at("shape").get<std::vector<int64_t>>();
  const auto begin = entry.at("data_offsets").at(0).get<uint64_t>();
  const auto end = entry.at("data_offsets").at(1).get<uint64_t>();
  const Dtype* dtype = nullptr;
  for (const Dtype& d : kDtypes) {
    if (type == d.name) dtype = &d;
  }
  if (!dtype) damaged(path, fmt::format("the dtype {} in '{}'", type, name));
  uint64_t size = torch::elementSize(dtype->type);
  for (const int64_t n : shape) {
    if (n < 0 || (n > 0 && size > data.size() / static_cast<uint64_t>(n))) {
      damaged(path, fmt::format("a shape larger than the file in '{}'", name));
    }
    size *= static_cast<uint64_t>(n);
  }
  if (begin != expected || end != begin + size || end > data.size()) {
    damaged(path, fmt::format("wrong data offsets in '{}'", name));
  }
  expected = end;
  torch::Tensor tensor = torch::empty(shape, dtype->type);
  if (size > 0) std::memcpy(tensor.data_ptr(), data.data() + begin, size);
  return tensor;
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
    entries[name] = {{"dtype", dtype_name(tensor.scalar_type())},
                     {"shape", tensor.sizes().vec()},
                     {"data_offsets", {offset, end}}};
    offset = end;
    hash.update(bytes_of(stored.back()));
  }
  Json metadata(file.metadata);
  metadata["sha256"] = hash.hex();
  Json header = {{"__metadata__", metadata}};
  header.update(entries);
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
    uint64_t expected = 0;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        file.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        file.tensors.emplace_back(
            name, read_tensor(name, entry, data, expected, path));
      }
    }
    if (expected != data.size()) damaged(path, "data that no tensor names");
  } catch (const Json::exception&) {
    damaged(path, "a header that is no tensor table");
  }
  const auto sum = file.metadata.find("sha256");
  if (sum != file.metadata.end() && sum->second != sha256(data)) {
    damaged(path, "a wrong checksum");
  }
  return file;
}

}  // namespace fer
