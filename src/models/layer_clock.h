// Wall time of a model's layers in forward passes, for `ferbench bench`.
#pragma once

#include <torch/nn/module.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fer {

class Layer;

/// While one lives, each call of a layer on this thread adds to its time; one
/// at a time per thread. On a GPU every layer waits for its work to end, so
/// that the sum is longer than a pass that is left alone.
class LayerClock {
 public:
  /// A layer, or several that one fused pass does (models/fused.h).
  struct Entry {
    std::string name;  ///< "block1.conv1", "block1.conv2 + norm2 + pool"
    std::string kind;  ///< "Conv2D", "Conv2D + BatchNormalization"
    std::vector<std::string> members;  ///< paths of the layers
    double seconds = 0;                ///< of all calls, without inner layers
    int64_t calls = 0;
  };

  explicit LayerClock(const torch::nn::Module& root);
  ~LayerClock();
  LayerClock(const LayerClock&) = delete;
  LayerClock& operator=(const LayerClock&) = delete;

  /// In the order of their first calls.
  const std::vector<Entry>& entries() const { return entries_; }

  /// Times what happens during its life as one call of `layers[begin]` and the
  /// layers behind it. Costs nothing measurable while no clock lives.
  class Span {
   public:
    explicit Span(const Layer& layer);
    Span(const std::vector<std::shared_ptr<Layer>>& layers, size_t begin,
         size_t length);
    ~Span();
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;

   private:
    LayerClock* clock_;
  };

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Open {
    size_t entry;
    Time start;
    double inner = 0;  // seconds of layers called inside
  };

  Time now() const;
  void begin(const std::vector<const Layer*>& layers);
  void end();
  size_t entry_of(const std::vector<const Layer*>& layers);

  std::map<const torch::nn::Module*, std::string> paths_;
  std::map<std::vector<const Layer*>, size_t> places_;
  std::vector<Entry> entries_;
  std::vector<Open> open_;
  bool on_gpu_ = false;
};

}  // namespace fer
