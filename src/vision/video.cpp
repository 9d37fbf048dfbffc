#include "vision/video.h"

#include <dlfcn.h>

#include "core/error.h"
#include "vision/video_module.h"

namespace fer {
namespace {

constexpr const char* kModule = "libferbench_video.so";

// Beside the program (build tree; tests stand in folders below it), or in
// ../lib (installed).
std::filesystem::path module_path() {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  auto folder = program.parent_path();
  for (int up = 0; up < 3; ++up, folder = folder.parent_path())
    for (const auto& place : {folder / kModule, folder / "lib" / kModule})
      if (std::filesystem::exists(place)) return place;
  return kModule;
}

const VideoModule& load() {
  void* module = dlopen(module_path().c_str(), RTLD_NOW);
  const auto query =
      module
          ? reinterpret_cast<VideoModuleQuery>(dlsym(module, kVideoModuleQuery))
          : nullptr;
  if (!query) {
    fail<DataError>(
        "[video] expected {} beside the program; got: {}. Build it with "
        "OpenCV's videoio, or give pictures instead.",
        kModule, dlerror());
  }
  return *query();
}

const VideoModule& module() {
  static const VideoModule& loaded = load();
  return loaded;
}

}  // namespace

struct VideoReader::State {
  void* video = nullptr;
  ~State() {
    if (video) module().close(video);
  }
};

VideoReader::VideoReader(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  if (!std::filesystem::is_regular_file(path)) {
    fail<DataError>("[video] expected a video file; got no such file ({}).",
                    path.string());
  }
  state_->video = module().open(path.c_str());
  if (!state_->video) {
    fail<DataError>(
        "[video] expected a video; got a file that OpenCV cannot open ({}).",
        path.string());
  }
}

VideoReader::~VideoReader() = default;

bool VideoReader::skip() { return module().grab(state_->video); }

bool VideoReader::next(Image& frame) {
  if (!skip()) return false;
  int width = 0, height = 0;
  const uint8_t* bgr = module().frame(state_->video, &width, &height);
  if (!bgr) return false;
  frame = {width, height, 3, {}};
  frame.pixels.resize(static_cast<size_t>(width) * height * 3);
  for (size_t i = 0; i < frame.pixels.size(); i += 3)
    for (size_t c = 0; c < 3; ++c) frame.pixels[i + c] = bgr[i + 2 - c];
  return true;
}

}  // namespace fer
