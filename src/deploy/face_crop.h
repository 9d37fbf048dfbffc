// Where the network looks: from the box of a face to its pixels.
#pragma once

#include "deploy/onnx_contract.h"
#include "vision/face_detector.h"

namespace fer {

/// `face` with `margin` times its size added on each side, square, and moved or
/// made smaller until it lies inside a picture of width x height.
Box square_around(const Box& face, double margin, int width, int height);

/// uint8 [contract.height, contract.width, contract.channels]: the part of the
/// picture, resized and with channels as training images are.
Image network_input(const Image& picture, const Box& box,
                    const OnnxContract& contract);

}  // namespace fer
