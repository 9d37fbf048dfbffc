// Decoded data sets kept for the next run, named by what they were made from.
#pragma once

#include <functional>
#include <string>

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// SHA-256 that changes with the source (a file: size, time of change, first
/// and last MiB; a directory: path, size and time of every file) and with each
/// setting that changes the images.
std::string cache_key(const DataConfig& config);

/// Where the set is or would be kept: <data.cache>/<key>.ferpack.
std::filesystem::path cache_path(const DataConfig& config);

/// The cached set; else calls decode() and keeps its result. A damaged file is
/// decoded again, with a line on stderr. Processes that race write the same
/// bytes. data.cache empty: only decode().
ImageSet cached(const DataConfig& config,
                const std::function<ImageSet()>& decode);

}  // namespace fer
