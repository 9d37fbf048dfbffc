// Frames of a video file. OpenCV's video part needs some 240 libraries, so it
// stands in a module of its own (libferbench_video.so), loaded when the first
// video is opened.
#pragma once

#include <filesystem>
#include <memory>

#include "vision/image.h"

namespace fer {

class VideoReader {
 public:
  /// DataError: no such file, no video that can be read, no module.
  explicit VideoReader(const std::filesystem::path& path);
  ~VideoReader();
  VideoReader(const VideoReader&) = delete;
  VideoReader& operator=(const VideoReader&) = delete;

  /// The next frame as RGB; false after the last.
  bool next(Image& frame);
  /// Passes over a frame without converting it; false after the last.
  bool skip();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fer
