// The network.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/field.h"
#include "config/vit_config.h"
#include "config/weights_config.h"

namespace fer {

enum class Initialiser { kModel, kTorch };
template <>
inline constexpr const char* kWords<Initialiser>[] = {"model", "torch"};

enum class MovingVariance { kModel, kBiased, kUnbiased };
template <>
inline constexpr const char* kWords<MovingVariance>[] = {"model", "biased",
                                                         "unbiased"};

enum class InputScale { kUnit, kHalf, kImagenet, kCaffe };
template <>
inline constexpr const char* kWords<InputScale>[] = {"unit", "half", "imagenet",
                                                     "caffe"};

enum class Stem { kReference, kSmall };
template <>
inline constexpr const char* kWords<Stem>[] = {"reference", "small"};

struct BatchNormConfig {
  double epsilon = 0;
  double momentum = 0;
  MovingVariance variance = MovingVariance::kModel;

  static constexpr auto fields() {
    using C = BatchNormConfig;
    return std::tuple(
        field("epsilon", &C::epsilon,
              "Added to the variance (Keras 1e-3, torch 1e-5); 0: the model's "
              "own")
            .in(0, 1),
        field("momentum", &C::momentum,
              "Share of the old moving average that is kept (Keras 0.99; "
              "torch calls 0.1 what is 0.9 here); 0: the model's own")
            .at_least(0)
            .less_than(1),
        field("variance", &C::variance,
              "Moving variance from the biased batch variance (Keras), the "
              "unbiased one (torch), or as the model has it"));
  }
};

struct ModelConfig {
  std::string name = "fernet";
  Initialiser initialiser = Initialiser::kModel;
  InputScale input = InputScale::kUnit;
  Stem stem = Stem::kReference;
  BatchNormConfig batch_norm;
  VitConfig vit;
  std::vector<double> dropout;
  std::optional<WeightsConfig> weights;

  static constexpr auto fields() {
    using C = ModelConfig;
    return std::tuple(
        field("name", &C::name, "A model of the zoo: see `ferbench models`"),
        field("initialiser", &C::initialiser,
              "model: each layer as its reference has it (Fernet: Keras's "
              "he_normal and Glorot uniform); torch: LibTorch's own"),
        field("input", &C::input,
              "What pixels in [0, 1] become first: unit: nothing; half: (x - "
              "0.5) / 0.5; imagenet: ImageNet's mean and deviation; caffe: "
              "BGR in [0, 255] minus ImageNet's mean"),
        field("stem", &C::stem,
              "reference: as published; small: a 3x3 convolution with stride 1 "
              "and no pooling in its place, for images of 32 to 64 pixels "
              "(ResNets; in EfficientNets the stride alone changes)"),
        field("batch_norm", &C::batch_norm, "Batch normalisation"),
        field("vit", &C::vit, "Vision transformers (vit_...)"),
        field("dropout", &C::dropout,
              "Dropout rates in the model's order; empty: the model's own")
            .at_least(0)
            .less_than(1),
        field("weights", &C::weights,
              "Weights to start from; null: the initialiser's"));
  }
};

}  // namespace fer
