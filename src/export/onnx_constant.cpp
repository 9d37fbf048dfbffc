#include "export/onnx_constant.h"

#include <cstring>
#include <functional>
#include <numeric>

#include "core/error.h"
#include "export/half_float.h"

namespace fer {
namespace {

using onnx::TensorProto;

template <class T>
std::vector<double> raw_values(const std::string& raw) {
  std::vector<T> values(raw.size() / sizeof(T));
  std::memcpy(values.data(), raw.data(), values.size() * sizeof(T));
  return {values.begin(), values.end()};
}

std::vector<double> half_values(const TensorProto& t) {
  std::vector<double> values;
  if (t.has_raw_data()) {
    for (const double bits : raw_values<uint16_t>(t.raw_data()))
      values.push_back(from_half(static_cast<uint16_t>(bits)));
  } else {
    for (const int32_t bits : t.int32_data())
      values.push_back(from_half(static_cast<uint16_t>(bits)));
  }
  return values;
}

std::vector<double> values_of(const TensorProto& t, const std::string& where) {
  switch (t.data_type()) {
    case TensorProto::FLOAT:
      if (t.has_raw_data()) return raw_values<float>(t.raw_data());
      return {t.float_data().begin(), t.float_data().end()};
    case TensorProto::DOUBLE:
      if (t.has_raw_data()) return raw_values<double>(t.raw_data());
      return {t.double_data().begin(), t.double_data().end()};
    case TensorProto::FLOAT16:
      return half_values(t);
    default:
      fail<DataError>(
          "[{}] expected floating point numbers in the constant '{}'; got ONNX "
          "type {}. Export the run again.",
          where, t.name(), t.data_type());
  }
}

size_t count_of(const std::vector<int64_t>& dims) {
  return static_cast<size_t>(std::accumulate(dims.begin(), dims.end(),
                                             int64_t{1}, std::multiplies<>()));
}

}  // namespace

size_t Constant::inner(size_t axis) const {
  size_t size = 1;
  for (size_t d = axis + 1; d < dims.size(); ++d)
    size *= static_cast<size_t>(dims[d]);
  return size;
}

Constant constant_of(const TensorProto& t, const std::string& where) {
  Constant result{{t.dims().begin(), t.dims().end()}, values_of(t, where)};
  if (result.values.size() != count_of(result.dims)) {
    fail<DataError>(
        "[{}] expected {} numbers in the constant '{}'; got {}. Export the run "
        "again.",
        where, count_of(result.dims), t.name(), result.values.size());
  }
  return result;
}

TensorProto float_tensor(const Constant& value) {
  TensorProto t;
  t.set_data_type(TensorProto::FLOAT);
  for (const int64_t dim : value.dims) t.add_dims(dim);
  const std::vector<float> floats(value.values.begin(), value.values.end());
  t.set_raw_data(floats.data(), floats.size() * sizeof(float));
  return t;
}

}  // namespace fer
