// The parts of face detection that need no OpenCV.
#pragma once

#include <filesystem>

#include "vision/face_detector.h"

namespace fer {

/// The file itself where one is named, else the first that there is of the
/// default. DataError names all places that were tried.
std::filesystem::path cascade_path(const std::filesystem::path& named);

/// Error names the setting that is out of range.
void check_detector_options(const DetectorOptions& options);

}  // namespace fer
