// The interpreter of tiny_models.h: one function per operator, in double,
// written from the ONNX definitions and not from the program's own code.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>

#include "export/tiny_models.h"

namespace fer {
namespace {

struct Value {
  std::vector<int64_t> dims;
  std::vector<double> v;
};

int64_t product(const std::vector<int64_t>& dims, size_t from = 0) {
  int64_t size = 1;
  for (size_t i = from; i < dims.size(); ++i) size *= dims[i];
  return size;
}

template <class T>
std::vector<double> from_raw(const onnx::TensorProto& t) {
  std::vector<T> values(t.raw_data().size() / sizeof(T));
  std::memcpy(values.data(), t.raw_data().data(), t.raw_data().size());
  return {values.begin(), values.end()};
}

Value load(const onnx::TensorProto& t) {
  Value value{{t.dims().begin(), t.dims().end()}, {}};
  if (t.float_data_size())
    value.v = {t.float_data().begin(), t.float_data().end()};
  else if (t.data_type() == onnx::TensorProto::FLOAT)
    value.v = from_raw<float>(t);
  else if (t.data_type() == onnx::TensorProto::INT8)
    value.v = from_raw<int8_t>(t);
  else if (t.data_type() == onnx::TensorProto::UINT8)
    value.v = from_raw<uint8_t>(t);
  else
    throw std::runtime_error("plain_run: type of " + t.name());
  return value;
}

std::vector<int64_t> ints(const onnx::NodeProto& node, const char* name,
                          std::vector<int64_t> otherwise) {
  for (const auto& a : node.attribute())
    if (a.name() == name && a.ints_size())
      return {a.ints().begin(), a.ints().end()};
  return otherwise;
}

int64_t integer(const onnx::NodeProto& node, const char* name,
                int64_t otherwise) {
  for (const auto& a : node.attribute())
    if (a.name() == name) return a.i();
  return otherwise;
}

using Inputs = std::vector<Value>;

/// Elementwise with numpy's broadcasting.
Value both(const Value& a, const Value& b,
           const std::function<double(double, double)>& f) {
  const size_t rank = std::max(a.dims.size(), b.dims.size());
  const auto padded = [&](std::vector<int64_t> dims) {
    dims.insert(dims.begin(), rank - dims.size(), 1);
    return dims;
  };
  const auto da = padded(a.dims), db = padded(b.dims);
  Value out;
  for (size_t i = 0; i < rank; ++i) out.dims.push_back(std::max(da[i], db[i]));
  for (int64_t at = 0; at < product(out.dims); ++at) {
    int64_t rest = at, ia = 0, ib = 0, sa = 1, sb = 1;
    for (size_t d = rank; d-- > 0; rest /= out.dims[d]) {
      const int64_t place = rest % out.dims[d];
      ia += (da[d] == 1 ? 0 : place) * sa;
      ib += (db[d] == 1 ? 0 : place) * sb;
      sa *= da[d];
      sb *= db[d];
    }
    out.v.push_back(
        f(a.v[static_cast<size_t>(ia)], b.v[static_cast<size_t>(ib)]));
  }
  return out;
}

/// Visits each window of `[N, C, H, W]`: f(image and channel, y, x of the
/// place), or nothing where it lies outside.
Value conv(const onnx::NodeProto& node, const Inputs& in) {
  const Value &x = in[0], &w = in[1];
  const auto pads = ints(node, "pads", {0, 0, 0, 0});
  const auto strides = ints(node, "strides", {1, 1});
  const int64_t group = integer(node, "group", 1);
  const int64_t n = x.dims[0], h = x.dims[2], wd = x.dims[3];
  const int64_t oc = w.dims[0], ic = w.dims[1], kh = w.dims[2], kw = w.dims[3];
  const int64_t oh = (h + pads[0] + pads[2] - kh) / strides[0] + 1;
  const int64_t ow = (wd + pads[1] + pads[3] - kw) / strides[1] + 1;
  Value out{{n, oc, oh, ow}, {}};
  for (int64_t b = 0; b < n; ++b)
    for (int64_t o = 0; o < oc; ++o)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t z = 0; z < ow; ++z) {
          double sum = in.size() > 2 ? in[2].v[static_cast<size_t>(o)] : 0;
          for (int64_t i = 0; i < ic; ++i)
            for (int64_t p = 0; p < kh; ++p)
              for (int64_t q = 0; q < kw; ++q) {
                const int64_t r = y * strides[0] - pads[0] + p;
                const int64_t c = z * strides[1] - pads[1] + q;
                if (r < 0 || r >= h || c < 0 || c >= wd) continue;
                const int64_t channel = o / (oc / group) * ic + i;
                sum +=
                    x.v[static_cast<size_t>(
                        ((b * x.dims[1] + channel) * h + r) * wd + c)] *
                    w.v[static_cast<size_t>(((o * ic + i) * kh + p) * kw + q)];
              }
          out.v.push_back(sum);
        }
  return out;
}

Value max_pool(const onnx::NodeProto& node, const Value& x) {
  const auto kernel = ints(node, "kernel_shape", {});
  const auto strides = ints(node, "strides", {1, 1});
  const int64_t h = x.dims[2], w = x.dims[3];
  const int64_t oh = (h - kernel[0]) / strides[0] + 1;
  const int64_t ow = (w - kernel[1]) / strides[1] + 1;
  Value out{{x.dims[0], x.dims[1], oh, ow}, {}};
  for (int64_t b = 0; b < x.dims[0] * x.dims[1]; ++b)
    for (int64_t y = 0; y < oh; ++y)
      for (int64_t z = 0; z < ow; ++z) {
        double best = -INFINITY;
        for (int64_t p = 0; p < kernel[0]; ++p)
          for (int64_t q = 0; q < kernel[1]; ++q)
            best = std::max(
                best, x.v[static_cast<size_t>((b * h + y * strides[0] + p) * w +
                                              z * strides[1] + q)]);
        out.v.push_back(best);
      }
  return out;
}

Value batch_norm(const onnx::NodeProto& node, const Inputs& in) {
  double epsilon = 1e-5;
  for (const auto& a : node.attribute())
    if (a.name() == "epsilon") epsilon = a.f();
  Value out = in[0];
  const int64_t inner = product(out.dims, 2);
  for (size_t i = 0; i < out.v.size(); ++i) {
    const size_t c = i / static_cast<size_t>(inner) % in[1].v.size();
    out.v[i] =
        in[1].v[c] * (out.v[i] - in[3].v[c]) / std::sqrt(in[4].v[c] + epsilon) +
        in[2].v[c];
  }
  return out;
}

Value matmul(const Value& a, const Value& b, bool transposed) {
  const int64_t inner = a.dims.back();
  const int64_t columns = transposed ? b.dims[0] : b.dims[1];
  Value out{a.dims, {}};
  out.dims.back() = columns;
  for (int64_t r = 0; r < product(a.dims) / inner; ++r)
    for (int64_t c = 0; c < columns; ++c) {
      double sum = 0;
      for (int64_t i = 0; i < inner; ++i)
        sum += a.v[static_cast<size_t>(r * inner + i)] *
               b.v[static_cast<size_t>(transposed ? c * inner + i
                                                  : i * columns + c)];
      out.v.push_back(sum);
    }
  return out;
}

Value transpose(const onnx::NodeProto& node, const Value& x) {
  const auto perm = ints(node, "perm", {});
  Value out;
  std::vector<int64_t> steps(perm.size(), 1);
  for (size_t d = 0; d < perm.size(); ++d) {
    out.dims.push_back(x.dims[static_cast<size_t>(perm[d])]);
    steps[d] = product(x.dims, static_cast<size_t>(perm[d]) + 1);
  }
  for (int64_t at = 0; at < product(out.dims); ++at) {
    int64_t rest = at, from = 0;
    for (size_t d = perm.size(); d-- > 0; rest /= out.dims[d])
      from += rest % out.dims[d] * steps[d];
    out.v.push_back(x.v[static_cast<size_t>(from)]);
  }
  return out;
}

Value softmax(Value x) {
  const auto k = static_cast<size_t>(x.dims.back());
  for (size_t at = 0; at < x.v.size(); at += k) {
    const auto row = x.v.begin() + static_cast<int64_t>(at);
    const double top = *std::max_element(row, row + static_cast<int64_t>(k));
    double sum = 0;
    for (size_t i = 0; i < k; ++i)
      sum += x.v[at + i] = std::exp(x.v[at + i] - top);
    for (size_t i = 0; i < k; ++i) x.v[at + i] /= sum;
  }
  return x;
}

Value mean_of_places(const Value& x) {
  Value out{{x.dims[0], x.dims[1], 1, 1}, {}};
  const auto places = static_cast<size_t>(x.dims[2] * x.dims[3]);
  for (size_t at = 0; at < x.v.size(); at += places) {
    double sum = 0;
    for (size_t i = 0; i < places; ++i) sum += x.v[at + i];
    out.v.push_back(sum / static_cast<double>(places));
  }
  return out;
}

/// Scales and zero points along `axis`, or single ones.
Value requantize(const onnx::NodeProto& node, const Inputs& in, bool down) {
  Value out = in[0];
  const auto axis = static_cast<size_t>(integer(node, "axis", 1));
  const size_t channels = in[1].v.size();
  const auto inner =
      static_cast<size_t>(channels > 1 ? product(out.dims, axis + 1) : 1);
  for (size_t i = 0; i < out.v.size(); ++i) {
    const size_t c = i / inner % channels;
    const double scale = in[1].v[c], zero = in[2].v[c];
    out.v[i] =
        down ? std::clamp(std::nearbyint(out.v[i] / scale) + zero, 0.0, 255.0)
             : (out.v[i] - zero) * scale;
  }
  return out;
}

Value compute(const onnx::NodeProto& node, const Inputs& in) {
  const std::string& op = node.op_type();
  if (op == "Conv") return conv(node, in);
  if (op == "MaxPool") return max_pool(node, in[0]);
  if (op == "BatchNormalization") return batch_norm(node, in);
  if (op == "GlobalAveragePool") return mean_of_places(in[0]);
  if (op == "Transpose") return transpose(node, in[0]);
  if (op == "Softmax") return softmax(in[0]);
  if (op == "MatMul") return matmul(in[0], in[1], false);
  if (op == "Cast" || op == "Identity") return in[0];
  if (op == "QuantizeLinear") return requantize(node, in, true);
  if (op == "DequantizeLinear") return requantize(node, in, false);
  if (op == "Div") return both(in[0], in[1], std::divides<>());
  if (op == "Add") return both(in[0], in[1], std::plus<>());
  if (op == "Relu")
    return both(in[0], {{}, {0}},
                [](double a, double b) { return std::max(a, b); });
  if (op == "Flatten")
    return {{in[0].dims[0], product(in[0].dims, 1)}, in[0].v};
  if (op == "Gemm")
    return both(matmul(in[0], in[1], integer(node, "transB", 0) == 1), in[2],
                std::plus<>());
  throw std::runtime_error("plain_run: no " + op);
}

}  // namespace

std::vector<double> plain_run(const onnx::ModelProto& model,
                              const std::vector<uint8_t>& pixels, int64_t n) {
  std::map<std::string, Value> values;
  for (const auto& t : model.graph().initializer()) values[t.name()] = load(t);
  const auto& shape = model.graph().input(0).type().tensor_type().shape();
  const int64_t h = shape.dim(1).dim_value(), w = shape.dim(2).dim_value();
  const int64_t c = shape.dim(3).dim_value();
  // The images come with the channels first; the input has them last.
  Value image{{n, h, w, c}, {}};
  for (int64_t b = 0; b < n; ++b)
    for (int64_t p = 0; p < h * w; ++p)
      for (int64_t k = 0; k < c; ++k)
        image.v.push_back(pixels[static_cast<size_t>((b * c + k) * h * w + p)]);
  values[model.graph().input(0).name()] = std::move(image);
  for (const auto& node : model.graph().node()) {
    Inputs inputs;
    for (const auto& name : node.input()) inputs.push_back(values.at(name));
    values[node.output(0)] = compute(node, inputs);
  }
  return values.at(model.graph().output(0).name()).v;
}

}  // namespace fer
