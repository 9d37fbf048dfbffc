// The training loop.
#pragma once

#include <tuple>

#include "config/field.h"
#include "config/fine_tune_config.h"

namespace fer {

enum class DeviceKind { kAuto, kCpu, kCuda };
template <>
inline constexpr const char* kWords<DeviceKind>[] = {"auto", "cpu", "cuda"};

enum class Precision { kFp32, kBf16 };
template <>
inline constexpr const char* kWords<Precision>[] = {"fp32", "bf16"};

enum class ClassWeights { kNone, kBalanced };
template <>
inline constexpr const char* kWords<ClassWeights>[] = {"none", "balanced"};

struct TrainConfig {
  int epochs = 30;
  int batch_size = 64;
  DeviceKind device = DeviceKind::kAuto;
  Precision precision = Precision::kFp32;
  bool channels_last = true;
  int threads = 0;
  int gradient_accumulation = 1;
  double clip_norm = 0.0;
  ClassWeights class_weights = ClassWeights::kNone;
  double label_smoothing = 0.0;
  double l2 = 0.0;
  bool deterministic = true;
  bool fused = true;
  bool winograd = true;
  bool cuda_fused = false;
  bool cuda_graph = false;
  int cuda_graph_steps = 1;
  FineTuneConfig fine_tune;

  static constexpr auto fields() {
    using C = TrainConfig;
    return std::tuple(
        field("epochs", &C::epochs, "Passes over the training images")
            .in(1, 100'000)
            .in_unit("epochs"),
        field("batch_size", &C::batch_size, "Images per step")
            .in(1, 65'536)
            .in_unit("images"),
        field("device", &C::device, "auto takes the GPU if there is one"),
        field("precision", &C::precision,
              "bf16: convolutions and matrix products in bfloat16, weights in "
              "float32"),
        field("channels_last", &C::channels_last,
              "NHWC memory layout, faster for convolutions"),
        field("threads", &C::threads, "CPU threads; 0: all cores")
            .in(0, 4096)
            .in_unit("threads"),
        field("gradient_accumulation", &C::gradient_accumulation,
              "Batches whose gradients are averaged into one step")
            .in(1, 4096)
            .in_unit("batches"),
        field("clip_norm", &C::clip_norm,
              "Largest 2-norm of the whole gradient; 0: no clipping")
            .at_least(0),
        field(
            "class_weights", &C::class_weights,
            "balanced: loss weight n / (classes * n_class) as in scikit-learn"),
        field("label_smoothing", &C::label_smoothing,
              "Share of the label spread over all classes")
            .at_least(0)
            .less_than(1),
        field("l2", &C::l2,
              "Keras kernel regulariser: l2 * sum(w^2) of conv and dense "
              "kernels is added to the loss")
            .at_least(0),
        field("deterministic", &C::deterministic,
              "Only kernels that give the same bits every time"),
        field("fused", &C::fused,
              "Training on a CPU: ReLU or Swish, batch normalisation, pooling "
              "and dropout that follow one another in one pass over memory"),
        field("winograd", &C::winograd,
              "With fused, in fp32: 3x3 and 5x5 convolutions with fewer "
              "multiplications (Winograd), at a little more rounding"),
        field("cuda_fused", &C::cuda_fused,
              "The passes of fused on a GPU, too"),
        field("cuda_graph", &C::cuda_graph,
              "On a GPU: record a whole step once and replay it"),
        field("cuda_graph_steps", &C::cuda_graph_steps,
              "Steps that are recorded and replayed together, where the images "
              "lie on the GPU")
            .in(1, 256)
            .in_unit("steps"),
        field("fine_tune", &C::fine_tune, "Training on from given weights"));
  }
};

}  // namespace fer
