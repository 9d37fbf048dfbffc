// Small networks put together by hand, and a plain interpreter for them: what
// the passes over ONNX files are compared with.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "deploy/onnx_contract.h"

namespace fer {

/// One row of nodes from the pixels on. Numbers that are not given are drawn,
/// the same ones every time.
class TinyModel {
 public:
  using Ints = std::vector<std::pair<std::string, std::vector<int64_t>>>;

  /// Input `image` uint8 `[N, side, side, channels]`; begins with its scaling
  /// to [0, 1].
  TinyModel(int side, int channels, int classes);

  std::string constant(const std::string& name, std::vector<int64_t> dims,
                       std::vector<float> values);
  /// Values uniform in [low, high).
  std::string drawn(const std::string& name, std::vector<int64_t> dims,
                    float low, float high);

  /// Adds a node behind the last one; returns its output, which is its name.
  /// Lists of one number become single attributes unless they are pads,
  /// strides, kernel_shape or axes.
  std::string add(const std::string& op, const std::string& name,
                  const std::vector<std::string>& more_inputs = {},
                  const Ints& attributes = {});
  /// Conv with "same" padding, weights and bias drawn.
  std::string conv(const std::string& name, int in, int out, int kernel);
  /// scales: drawn in [low, high); epsilon 0.001.
  std::string batch_norm(const std::string& name, int channels,
                         float low = 0.5F, float high = 1.5F);
  std::string max_pool(const std::string& name);
  std::string dense(const std::string& name, int in, int out,
                    bool transposed = true);

  /// Where the next node goes on.
  void go_on_from(const std::string& tensor) { last_ = tensor; }
  const std::string& last() const { return last_; }
  onnx::NodeProto& node(const std::string& name);
  onnx::ModelProto& proto() { return model_; }

  /// Softmax, the output and the metadata.
  onnx::ModelProto finish();

 private:
  int side_, channels_, classes_;
  uint32_t drawn_ = 0;
  std::string last_;
  onnx::ModelProto model_;
};

/// Fernet in small: Conv - ReLU - BatchNorm twice, MaxPool, Flatten, Dense -
/// ReLU - BatchNorm, Dense. 8 x 8 x 1, three classes.
TinyModel tiny_fernet(float low_scale = 0.5F, float high_scale = 1.5F);

/// How many nodes have this type.
int count_nodes(const onnx::ModelProto& model, const std::string& op);

/// `n` drawn images `[n, channels, side, side]`.
std::vector<uint8_t> drawn_pixels(int64_t n, int64_t image_size);

/// The answers to images `[n, channels, side, side]`, node by node in double,
/// straight from the definitions.
std::vector<double> plain_run(const onnx::ModelProto& model,
                              const std::vector<uint8_t>& pixels, int64_t n);

/// The largest difference of two lists of the same length.
double largest_difference(const std::vector<double>& a,
                          const std::vector<double>& b);
std::vector<float> to_floats(const std::vector<double>& values);

}  // namespace fer
