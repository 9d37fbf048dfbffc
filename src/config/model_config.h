// The network.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "config/field.h"

namespace fer {

enum class Initialiser { kKeras, kTorch };
template <>
inline constexpr const char* kWords<Initialiser>[] = {"keras", "torch"};

struct BatchNormConfig {
  double epsilon = 1e-3;
  double momentum = 0.99;
  bool biased_variance = true;

  static constexpr auto fields() {
    using C = BatchNormConfig;
    return std::tuple(field("epsilon", &C::epsilon,
                            "Added to the variance (Keras 1e-3, torch 1e-5)")
                          .more_than(0)
                          .at_most(1),
                      field("momentum", &C::momentum,
                            "Share of the old moving average that is kept "
                            "(Keras 0.99; torch calls 0.1 what is 0.9 here)")
                          .at_least(0)
                          .less_than(1),
                      field("biased_variance", &C::biased_variance,
                            "Moving variance from the biased batch variance "
                            "(Keras) or the unbiased one (torch)"));
  }
};

struct ModelConfig {
  std::string name = "fernet";
  Initialiser initialiser = Initialiser::kKeras;
  BatchNormConfig batch_norm;
  std::vector<double> dropout;

  static constexpr auto fields() {
    using C = ModelConfig;
    return std::tuple(
        field("name", &C::name, "A model of the zoo: see `ferbench models`"),
        field("initialiser", &C::initialiser,
              "keras: he_normal (truncated) and Glorot uniform; torch: "
              "LibTorch's own"),
        field("batch_norm", &C::batch_norm, "Batch normalisation"),
        field("dropout", &C::dropout,
              "Dropout rates in the model's order; empty: the model's own")
            .at_least(0)
            .less_than(1));
  }
};

}  // namespace fer
