// Fernet's tensors under Keras's names and layouts, filled by the hash of
// tests/reference/fill.py (both explained in tests/reference/README.md).
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "core/json.h"
#include "models/model.h"

namespace fer {

/// tests/reference/keras_fernet.json, read once.
const Json& keras_fernet();

/// u in [0, 1) for the elements 0..count-1 of tensor t: double `[count]`.
torch::Tensor hash_units(int64_t count, uint32_t t);

/// Tensor t of a list in tests/reference/{zoo,weights}: {shape, kind, scale};
/// float32 values as double.
torch::Tensor hash_tensor(const Json& row, uint32_t t);

/// The eight images of number t: double `[8, 1, 48, 48]`, float32 values.
torch::Tensor hash_images(uint32_t t);

/// "block1_conv1/kernel" -> "block1_conv1.weight".
std::string our_name(const std::string& keras_name);

/// A kernel, bias or statistic of ours in Keras's layout, flat.
torch::Tensor to_keras(const torch::Tensor& tensor,
                       const std::string& keras_name);
/// The other way; `flat` holds Keras's shape in C order.
torch::Tensor from_keras(const torch::Tensor& flat,
                         const std::vector<int64_t>& keras_shape,
                         const std::string& keras_name);

/// A Fernet without dropout, of type `dtype`, every tensor filled by the hash.
ModelPtr hash_fernet(torch::ScalarType dtype);

/// The parameter or buffer of that Keras name.
torch::Tensor keras_tensor(const Model& model, const std::string& keras_name);

}  // namespace fer
