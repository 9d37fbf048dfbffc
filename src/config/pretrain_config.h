// Training without labels: a masked autoencoder around a vision transformer
// (He et al., 2022, arXiv:2111.06377).
#pragma once

#include <tuple>

#include "config/field.h"

namespace fer {

struct PretrainConfig {
  double mask_ratio = 0.75;
  int decoder_width = 128;
  int decoder_depth = 2;
  int decoder_heads = 4;
  bool normalise_target = true;

  static constexpr auto fields() {
    using C = PretrainConfig;
    return std::tuple(
        field("mask_ratio", &C::mask_ratio,
              "Share of an image's patches that the encoder does not see")
            .more_than(0)
            .less_than(1),
        field("decoder_width", &C::decoder_width,
              "Numbers per patch in the decoder, a multiple of decoder_heads")
            .in(1, 4096),
        field("decoder_depth", &C::decoder_depth, "Blocks of the decoder")
            .in(1, 64)
            .in_unit("blocks"),
        field("decoder_heads", &C::decoder_heads,
              "Attention heads of the decoder")
            .in(1, 256),
        field("normalise_target", &C::normalise_target,
              "Each patch to be drawn has mean 0 and variance 1"));
  }
};

}  // namespace fer
