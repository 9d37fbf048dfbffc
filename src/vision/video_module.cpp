#include "vision/video_module.h"

#include <cstdlib>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

namespace {

struct Video {
  cv::VideoCapture capture;
  cv::Mat frame;
};

// An exception must not leave a C function.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return {};
  }
}

// Readers of files alone: asked for any, OpenCV also looks for USB cameras.
bool open_file(cv::VideoCapture& capture, const char* path) {
  for (const int reader :
       {cv::CAP_FFMPEG, cv::CAP_GSTREAMER, cv::CAP_OPENCV_MJPEG}) {
    if (capture.open(path, reader)) return true;
  }
  return false;
}

void* open_video(const char* path) {
  return guarded([&]() -> void* {
    // Each reader that fails before another succeeds would say so: OpenCV's
    // own, and FFmpeg (-8: AV_LOG_QUIET).
    static const int quiet = setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    static_cast<void>(quiet);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    auto* video = new Video;
    if (open_file(video->capture, path)) return video;
    delete video;
    return nullptr;
  });
}

bool grab_frame(void* video) {
  return guarded([&] { return static_cast<Video*>(video)->capture.grab(); });
}

const uint8_t* frame_pixels(void* video, int* width, int* height) {
  return guarded([&]() -> const uint8_t* {
    auto* v = static_cast<Video*>(video);
    if (!v->capture.retrieve(v->frame) || v->frame.type() != CV_8UC3)
      return nullptr;
    if (!v->frame.isContinuous()) v->frame = v->frame.clone();
    *width = v->frame.cols;
    *height = v->frame.rows;
    return v->frame.data;
  });
}

void close_video(void* video) { delete static_cast<Video*>(video); }

}  // namespace

extern "C" const fer::VideoModule* ferbench_video_query() {
  static const fer::VideoModule module = {open_video, grab_frame, frame_pixels,
                                          close_video};
  return &module;
}
