// y = s * x + t for each channel: what BatchNormalization is in evaluation, and
// how the layers around it take it over. All in double.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "export/onnx_graph.h"

namespace fer {

struct ChannelAffine {
  std::vector<double> scale;  ///< s = gamma / sqrt(var + epsilon)
  std::vector<double> shift;  ///< t = beta - mean * s
};

/// DataError where a parameter is no constant, not one number per channel, or
/// the result is not finite.
ChannelAffine affine_of(const OnnxGraph& graph, const onnx::NodeProto& norm);

/// Scales slices along `axis` of the weight by s; slice i belongs to channel
/// i / repeat.
void scale_axis(Constant& weight, size_t axis, const std::vector<double>& scale,
                int64_t repeat = 1);

/// Where a convolution looks; pads are top, left, bottom, right.
struct ConvGeometry {
  int64_t group = 1;
  std::array<int64_t, 2> stride{1, 1};
  std::array<int64_t, 2> dilation{1, 1};
  std::array<int64_t, 4> pad{0, 0, 0, 0};
  bool automatic = false;  ///< auto_pad: `pad` does not say

  static ConvGeometry of(const onnx::NodeProto& conv);
  bool padded() const;
};

/// W * s[in] for a Conv's weight `[out, in / group, kh, kw]`.
void scale_conv_inputs(Constant& weight, const ConvGeometry& geometry,
                       const std::vector<double>& scale);

/// The convolution of an image that is `shift` everywhere inside and 0 in the
/// padding: `[1, out, height, width]`, of the conv's own output size for an
/// input of `height` x `width`.
Constant shift_map(const Constant& weight, const ConvGeometry& geometry,
                   const std::vector<double>& shift, int64_t height,
                   int64_t width);

/// The same without padding: one number per output channel.
std::vector<double> shift_bias(const Constant& weight,
                               const ConvGeometry& geometry,
                               const std::vector<double>& shift);

}  // namespace fer
