#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/error.h"
#include "vision/image.h"
#include "vision/jpeg_end.h"

namespace fer {
namespace {

/// A header over the pixels, without a copy; OpenCV only reads them.
cv::Mat view(const Image& image) {
  return {image.height, image.width, CV_8UC(image.channels),
          const_cast<uint8_t*>(image.pixels.data())};
}

Image blank(int width, int height, int channels, uint8_t value = 0) {
  Image image{width, height, channels, {}};
  image.pixels.assign(static_cast<size_t>(width) * height * channels, value);
  return image;
}

cv::Mat decode(std::span<const std::byte> bytes, int channels) {
  const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8U,
                    const_cast<std::byte*>(bytes.data()));
  try {
    return cv::imdecode(
        raw, channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  } catch (const cv::Exception& error) {
    fail<DataError>("[vision] expected an image; got {}.", error.err);
  }
}

constexpr int kMargin = 6, kCaptionHeight = 18;

cv::Scalar mark_colour(Tile::Mark mark) {
  if (mark == Tile::Mark::kGood) return {22, 130, 60};
  if (mark == Tile::Mark::kBad) return {200, 30, 40};
  return {90, 90, 90};
}

void draw_tile(cv::Mat& sheet, const Tile& tile, int x, int y, int size) {
  const Image rgb = convert_channels(tile.image, 3);
  const double scale =
      static_cast<double>(size) / std::max(rgb.width, rgb.height);
  const cv::Size fitted(std::max(1, cvRound(rgb.width * scale)),
                        std::max(1, cvRound(rgb.height * scale)));
  cv::Mat enlarged;
  cv::resize(view(rgb), enlarged, fitted, 0, 0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  const cv::Rect place(x + (size - fitted.width) / 2,
                       y + (size - fitted.height) / 2, fitted.width,
                       fitted.height);
  enlarged.copyTo(sheet(place));
  double text = 0.4;
  int base = 0;
  const int width =
      cv::getTextSize(tile.caption, cv::FONT_HERSHEY_SIMPLEX, text, 1, &base)
          .width;
  if (width > size) text *= static_cast<double>(size) / width;
  cv::putText(sheet, tile.caption, {x, y + size + 13}, cv::FONT_HERSHEY_SIMPLEX,
              text, mark_colour(tile.mark), 1, cv::LINE_AA);
}

}  // namespace

Image decode_image(std::span<const std::byte> bytes, int channels) {
  if (bytes.empty())
    fail<DataError>("[vision] expected an image; got an empty file.");
  if (is_truncated_jpeg(bytes))
    fail<DataError>("[vision] expected an image; got a truncated JPEG file.");
  cv::Mat mat = decode(bytes, channels);
  if (mat.empty()) {
    fail<DataError>(
        "[vision] expected an image; got {} bytes in no known format, or "
        "damaged.",
        bytes.size());
  }
  if (channels == 3) cv::cvtColor(mat, mat, cv::COLOR_BGR2RGB);
  Image image = blank(mat.cols, mat.rows, channels);
  mat.copyTo(view(image));
  return image;
}

Image resize_image(const Image& image, int width, int height) {
  if (image.width == width && image.height == height) return image;
  Image result = blank(width, height, image.channels);
  cv::Mat target = view(result);
  const bool shrinks = width <= image.width && height <= image.height;
  cv::resize(view(image), target, target.size(), 0, 0,
             shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  return result;
}

std::vector<std::byte> encode_png(const Image& image) {
  cv::Mat mat = view(image);
  if (image.channels == 3) {
    cv::Mat bgr;
    cv::cvtColor(mat, bgr, cv::COLOR_RGB2BGR);
    mat = bgr;
  }
  std::vector<uchar> bytes;
  cv::imencode(".png", mat, bytes);
  const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
  return {data, data + bytes.size()};
}

Image contact_sheet(std::span<const Tile> tiles, int columns, int tile_size) {
  columns = std::max(1, std::min(columns, static_cast<int>(tiles.size())));
  const int rows = (static_cast<int>(tiles.size()) + columns - 1) / columns;
  const int step_x = tile_size + kMargin;
  const int step_y = tile_size + kCaptionHeight + kMargin;
  Image sheet = blank(columns * step_x + kMargin,
                      std::max(1, rows) * step_y + kMargin, 3, 255);
  cv::Mat mat = view(sheet);
  for (int i = 0; i < static_cast<int>(tiles.size()); ++i) {
    draw_tile(mat, tiles[i], kMargin + i % columns * step_x,
              kMargin + i / columns * step_y, tile_size);
  }
  return sheet;
}

std::string vision_version() { return "OpenCV " + cv::getVersionString(); }

}  // namespace fer
