#include "vision/contrast.h"

#include <opencv2/imgproc.hpp>

namespace fer {

Image even_contrast(const Image& image) {
  constexpr double kClipLimit = 2;
  const cv::Ptr<cv::CLAHE> clahe = cv::createCLAHE(kClipLimit, {8, 8});
  Image result = image;
  cv::Mat view(result.height, result.width, CV_8UC(result.channels),
               result.pixels.data());
  if (result.channels == 1) {
    clahe->apply(view, view);
    return result;
  }
  cv::Mat lab, lightness;
  cv::cvtColor(view, lab, cv::COLOR_RGB2Lab);
  cv::extractChannel(lab, lightness, 0);
  clahe->apply(lightness, lightness);
  cv::insertChannel(lightness, lab, 0);
  cv::cvtColor(lab, view, cv::COLOR_Lab2RGB);
  return result;
}

}  // namespace fer
