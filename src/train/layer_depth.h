// Which layer a parameter belongs to, counted from the image to the answer:
// what a learning rate per depth goes by.
#pragma once

#include <string>
#include <vector>

#include "models/model.h"

namespace fer {

/// For each parameter its layer, 0 for the first; the head has the largest
/// number. `model` is a name of the zoo, `parameters` are its named_parameters.
///
/// As timm 1.0.31 groups them (group_parameters with the fine matcher of the
/// family): stem and position tokens are layer 0, each block is one layer, the
/// normalisation or convolution behind the last block belongs to that block,
/// all else is the head. Networks that timm does not have (Fernet, plain
/// convolutions): each convolution or dense layer is a layer, and the
/// normalisation behind it belongs to it.
std::vector<int> layer_depths(const std::string& model,
                              const NamedTensors& parameters);

/// decay^(deepest - depth) for each depth: 1 for the head.
std::vector<double> layer_scales(const std::vector<int>& depths, double decay);

}  // namespace fer
