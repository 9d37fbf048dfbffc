// What libferbench_video.so offers to the program: plain C, found by name.
#pragma once

#include <cstdint>

namespace fer {

struct VideoModule {
  /// An open video, or null.
  void* (*open)(const char* path);
  /// Goes to the next frame; false after the last.
  bool (*grab)(void* video);
  /// The frame's pixels as BGR, rows without gaps, valid until the next call;
  /// null when it cannot be decoded.
  const uint8_t* (*frame)(void* video, int* width, int* height);
  void (*close)(void* video);
};

using VideoModuleQuery = const VideoModule* (*)();
inline constexpr const char* kVideoModuleQuery = "ferbench_video_query";

}  // namespace fer
