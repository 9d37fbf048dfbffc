// What the kernels' headers take from NVIDIA's header of this name.
#pragma once

struct dim3 {
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1)
      : x(x_), y(y_), z(z_) {}
  unsigned x, y, z;
};

using cudaStream_t = struct NoStream*;
