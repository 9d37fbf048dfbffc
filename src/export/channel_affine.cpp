#include "export/channel_affine.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace fer {
namespace {

std::vector<double> parameter(const OnnxGraph& graph,
                              const onnx::NodeProto& norm, int index,
                              size_t channels) {
  const std::string name =
      index < norm.input_size() ? norm.input(index) : std::string();
  if (!graph.is_constant(name)) {
    fail<DataError>(
        "[{}] expected constant parameters of BatchNormalization; got the "
        "tensor '{}' (node {}). Export in evaluation mode.",
        graph.where(), name, norm.name());
  }
  std::vector<double> values = graph.constant(name).values;
  if (channels && values.size() != channels) {
    fail<DataError>(
        "[{}] expected {} numbers, one per channel; got {} in '{}' (node {}). "
        "Export the run again.",
        graph.where(), channels, values.size(), name, norm.name());
  }
  return values;
}

/// Sum of one kernel's taps that meet the image at this place of the output.
double taps_inside(const double* kernel, const Constant& weight,
                   const ConvGeometry& g, int64_t y, int64_t x, int64_t height,
                   int64_t width) {
  double sum = 0;
  for (int64_t i = 0; i < weight.dims[2]; ++i) {
    const int64_t row = y * g.stride[0] - g.pad[0] + i * g.dilation[0];
    if (row < 0 || row >= height) continue;
    for (int64_t j = 0; j < weight.dims[3]; ++j) {
      const int64_t column = x * g.stride[1] - g.pad[1] + j * g.dilation[1];
      if (column < 0 || column >= width) continue;
      sum += kernel[i * weight.dims[3] + j];
    }
  }
  return sum;
}

int64_t output_size(int64_t input, int64_t kernel, const ConvGeometry& g,
                    size_t axis) {
  const int64_t span = g.dilation[axis] * (kernel - 1) + 1;
  return (input + g.pad[axis] + g.pad[axis + 2] - span) / g.stride[axis] + 1;
}

/// The input channel of weight slice `i` of output channel `o`.
size_t input_channel(const Constant& weight, const ConvGeometry& g, int64_t o,
                     int64_t i) {
  return static_cast<size_t>(o / (weight.dims[0] / g.group) * weight.dims[1] +
                             i);
}

}  // namespace

ChannelAffine affine_of(const OnnxGraph& graph, const onnx::NodeProto& norm) {
  const double epsilon = attribute(norm, "epsilon", 1e-5);
  const auto gamma = parameter(graph, norm, 1, 0);
  const auto beta = parameter(graph, norm, 2, gamma.size());
  const auto mean = parameter(graph, norm, 3, gamma.size());
  const auto variance = parameter(graph, norm, 4, gamma.size());
  ChannelAffine result;
  for (size_t c = 0; c < gamma.size(); ++c) {
    const double s = gamma[c] / std::sqrt(variance[c] + epsilon);
    const double t = beta[c] - mean[c] * s;
    if (!std::isfinite(s) || !std::isfinite(t)) {
      fail<DataError>(
          "[{}] expected finite scales of BatchNormalization; got {} * x + {} "
          "in channel {} (node {}). Train the run again: its weights are "
          "damaged.",
          graph.where(), s, t, c, norm.name());
    }
    result.scale.push_back(s);
    result.shift.push_back(t);
  }
  return result;
}

void scale_axis(Constant& weight, size_t axis, const std::vector<double>& scale,
                int64_t repeat) {
  const size_t inner = weight.inner(axis);
  const auto size = static_cast<size_t>(weight.dims[axis]);
  for (size_t i = 0; i < weight.values.size(); ++i)
    weight.values[i] *= scale[i / inner % size / static_cast<size_t>(repeat)];
}

ConvGeometry ConvGeometry::of(const onnx::NodeProto& conv) {
  ConvGeometry g;
  g.group = attribute(conv, "group", int64_t{1});
  const auto strides = attribute(conv, "strides", std::vector<int64_t>{1, 1});
  const auto dilations =
      attribute(conv, "dilations", std::vector<int64_t>{1, 1});
  const auto pads = attribute(conv, "pads", std::vector<int64_t>{0, 0, 0, 0});
  for (size_t i = 0; i < 2; ++i) {
    g.stride[i] = strides.at(i);
    g.dilation[i] = dilations.at(i);
  }
  for (size_t i = 0; i < 4; ++i) g.pad[i] = pads.at(i);
  for (const auto& a : conv.attribute())
    if (a.name() == "auto_pad" && a.s() != "NOTSET") g.automatic = true;
  return g;
}

bool ConvGeometry::padded() const {
  return pad != std::array<int64_t, 4>{0, 0, 0, 0};
}

void scale_conv_inputs(Constant& weight, const ConvGeometry& g,
                       const std::vector<double>& scale) {
  const int64_t taps = weight.dims[2] * weight.dims[3];
  size_t at = 0;
  for (int64_t o = 0; o < weight.dims[0]; ++o)
    for (int64_t i = 0; i < weight.dims[1]; ++i)
      for (int64_t k = 0; k < taps; ++k)
        weight.values[at++] *= scale[input_channel(weight, g, o, i)];
}

Constant shift_map(const Constant& weight, const ConvGeometry& g,
                   const std::vector<double>& shift, int64_t height,
                   int64_t width) {
  const int64_t rows = output_size(height, weight.dims[2], g, 0);
  const int64_t columns = output_size(width, weight.dims[3], g, 1);
  const int64_t taps = weight.dims[2] * weight.dims[3];
  Constant map{{1, weight.dims[0], rows, columns}, {}};
  map.values.reserve(static_cast<size_t>(weight.dims[0] * rows * columns));
  std::vector<double> kernel(static_cast<size_t>(taps));
  for (int64_t o = 0; o < weight.dims[0]; ++o) {
    // One kernel over an image of ones: the channels summed, each times its t.
    std::fill(kernel.begin(), kernel.end(), 0.0);
    for (int64_t i = 0; i < weight.dims[1]; ++i)
      for (int64_t k = 0; k < taps; ++k)
        kernel[static_cast<size_t>(k)] +=
            weight.values[static_cast<size_t>((o * weight.dims[1] + i) * taps +
                                              k)] *
            shift[input_channel(weight, g, o, i)];
    for (int64_t y = 0; y < rows; ++y)
      for (int64_t x = 0; x < columns; ++x)
        map.values.push_back(
            taps_inside(kernel.data(), weight, g, y, x, height, width));
  }
  return map;
}

std::vector<double> shift_bias(const Constant& weight,
                               const ConvGeometry& geometry,
                               const std::vector<double>& shift) {
  // Without padding every tap meets the image: one place is enough.
  ConvGeometry inside = geometry;
  inside.pad = {0, 0, 0, 0};
  const int64_t height = inside.dilation[0] * (weight.dims[2] - 1) + 1;
  const int64_t width = inside.dilation[1] * (weight.dims[3] - 1) + 1;
  return shift_map(weight, inside, shift, height, width).values;
}

}  // namespace fer
