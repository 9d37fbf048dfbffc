#include "vision/annotate.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace fer {
namespace {

constexpr int kReadable = 480;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
const cv::Scalar kSure(22, 130, 60), kUnsure(90, 90, 90), kInk(255, 255, 255);

int whole_scale(const Image& image) {
  const int longest = std::max(1, std::max(image.width, image.height));
  return std::max(1, (kReadable + longest - 1) / longest);
}

void draw(cv::Mat& picture, const Annotation& note, int scale) {
  const int longest = std::max(picture.cols, picture.rows);
  const int thick = std::max(2, longest / 320);
  const double size = longest / 900.0;
  const cv::Scalar colour = note.sure ? kSure : kUnsure;
  const cv::Rect box(note.box.x * scale, note.box.y * scale,
                     note.box.width * scale, note.box.height * scale);
  cv::rectangle(picture, box, colour, thick);
  if (note.text.empty()) return;
  int base = 0;
  const int ink = std::max(1, thick / 2);
  const cv::Size text = cv::getTextSize(note.text, kFont, size, ink, &base);
  const int height = text.height + base + thick;
  const int x = std::clamp(box.x, 0, std::max(0, picture.cols - text.width));
  const int y = box.y >= height ? box.y - height : box.y;
  cv::rectangle(picture, {x, y, text.width + 2 * ink, height}, colour,
                cv::FILLED);
  cv::putText(picture, note.text, {x + ink, y + text.height + thick}, kFont,
              size, kInk, ink, cv::LINE_AA);
}

}  // namespace

Image annotate(const Image& image, std::span<const Annotation> annotations) {
  const int scale = whole_scale(image);
  Image result = convert_channels(image, 3);
  cv::Mat picture(result.height, result.width, CV_8UC3, result.pixels.data());
  if (scale > 1)
    cv::resize(picture, picture, {}, scale, scale, cv::INTER_LINEAR);
  for (const Annotation& note : annotations) draw(picture, note, scale);
  result.width = picture.cols;
  result.height = picture.rows;
  // Without enlarging, the drawing went into result.pixels itself.
  if (scale > 1) result.pixels.assign(picture.datastart, picture.dataend);
  return result;
}

}  // namespace fer
