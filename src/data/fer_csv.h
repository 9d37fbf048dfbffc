// Kaggle's FER2013 tables: fer2013.csv (emotion,pixels,Usage) and
// icml_face_data.csv (emotion, Usage, pixels).
#pragma once

#include <string>
#include <vector>

#include "config/sections.h"
#include "data/image_set.h"

namespace fer {

/// The classes by their number in the table: angry, disgust, fear, happy, sad,
/// surprise, neutral.
const std::vector<std::string>& fer_csv_classes();

/// Reads config.path line by line: the file may be larger than the memory left.
/// Columns may stand in any order; Usage may be missing. Images keep the order
/// of the rows; row n (from 0, the head not counted) has the id "row-<n>". A
/// row that cannot be used is a bad image.
ImageSet load_fer_csv(const DataConfig& config, bool quiet);

}  // namespace fer
