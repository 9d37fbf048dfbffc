// Random changes to training images.
#pragma once

#include <tuple>

#include "config/field.h"

namespace fer {

struct AugmentConfig {
  double horizontal_flip = 0.0;
  double shift = 0.0;
  double rotation = 0.0;
  double zoom = 0.0;
  double brightness = 0.0;
  double contrast = 0.0;
  double cutout_probability = 0.0;
  int cutout_size = 12;
  double mixup = 0.0;

  static constexpr auto fields() {
    using C = AugmentConfig;
    return std::tuple(
        field("horizontal_flip", &C::horizontal_flip,
              "Probability of a mirror image")
            .in(0, 1),
        field("shift", &C::shift, "Largest shift, each way")
            .in(0, 0.5)
            .in_unit("of the image size"),
        field("rotation", &C::rotation, "Largest rotation, each way")
            .in(0, 180)
            .in_unit("degrees"),
        field("zoom", &C::zoom, "Zoom factor from 1 - zoom to 1 + zoom")
            .at_least(0)
            .less_than(1),
        field("brightness", &C::brightness,
              "Largest change of brightness, each way")
            .in(0, 1)
            .in_unit("of full scale"),
        field("contrast", &C::contrast,
              "Contrast factor from 1 - contrast to 1 + contrast")
            .at_least(0)
            .less_than(1),
        field("cutout_probability", &C::cutout_probability,
              "Probability of a black square")
            .in(0, 1),
        field("cutout_size", &C::cutout_size, "Side of the black square")
            .in(1, 1024)
            .in_unit("pixels"),
        field("mixup", &C::mixup,
              "Images and labels mixed in pairs, with shares from "
              "Beta(mixup, mixup); 0: none")
            .in(0, 4));
  }
};

}  // namespace fer
