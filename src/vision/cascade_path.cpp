#include "vision/cascade_path.h"

#include <cstdlib>
#include <string>

#include "core/error.h"

namespace fer {
namespace {

constexpr const char* kDefault = "haarcascade_frontalface_default.xml";

}  // namespace

std::vector<std::filesystem::path> default_cascade_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* own = std::getenv("FERBENCH_CASCADES"); own && *own)
    folders.push_back(own);
  for (const char* root : {"/usr/share", "/usr/local/share"})
    for (const char* version : {"opencv4", "opencv", "opencv5"})
      folders.push_back(std::filesystem::path(root) / version / "haarcascades");
  return folders;
}

std::filesystem::path cascade_path(const std::filesystem::path& named) {
  if (!named.empty()) {
    if (std::filesystem::is_regular_file(named)) return named;
    fail<DataError>("[faces] expected a cascade file; got no such file ({}).",
                    named.string());
  }
  std::string tried;
  for (const auto& folder : default_cascade_folders()) {
    if (std::filesystem::is_regular_file(folder / kDefault))
      return folder / kDefault;
    tried += (tried.empty() ? "" : ", ") + folder.string();
  }
  fail<DataError>(
      "[faces] expected {} in one of {}; got none. Install Debian's "
      "opencv-data, or name a file with --cascade.",
      kDefault, tried);
}

void check_detector_options(const DetectorOptions& options) {
  const auto check = [](bool good, const char* what, double got) {
    if (!good) fail<Error>("[faces] expected {}; got {}.", what, got);
  };
  check(options.scale_factor > 1 && options.scale_factor <= 4,
        "a scale factor above 1, up to 4", options.scale_factor);
  check(options.neighbours >= 0 && options.neighbours <= 100,
        "0 to 100 neighbours", options.neighbours);
  check(options.min_size >= 0, "a smallest face of 0 or more pixels",
        options.min_size);
  check(options.search_side == 0 || options.search_side >= 100,
        "a search side of 0 (never shrink) or at least 100 pixels",
        options.search_side);
}

}  // namespace fer
