// Tensors in files that Python reads too
// (https://github.com/huggingface/safetensors): u64 header size, JSON header,
// raw little-endian data.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fer {

/// Named tensors in the order of the file, and text beside them.
struct TensorFile {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  std::map<std::string, std::string> metadata;

  /// DataError names the missing tensor.
  const torch::Tensor& at(const std::string& name) const;
};

/// Writes the file whole or not at all. Tensors are stored contiguous (NCHW),
/// from any device. The SHA-256 of the data goes into the metadata as "sha256",
/// that of the rest of the header as "header_sha256". DataError: a type that
/// cannot be stored, a name twice.
void write_safetensors(const std::filesystem::path& path,
                       const TensorFile& file);

/// Reads into memory of its own. DataError for anything that is not a sound
/// file: header too long, unknown dtype, offsets out of range or overlapping, a
/// wrong checksum. Files without checksums (of other programs) are fine.
TensorFile read_safetensors(const std::filesystem::path& path);

}  // namespace fer
