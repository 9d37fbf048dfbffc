// Tables of predictions in one order of classes and rows.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "metrics/predictions.h"

namespace fer {

/// The same rows with classes in the order of `class_names`. DataError, naming
/// the two folders, when the names are not the same.
Predictions reorder_classes(const Predictions& predictions,
                            const std::vector<std::string>& class_names,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& reference_folder);

/// `predictions` with classes and rows in the order of `reference`. DataError
/// naming both folders for what reorder_classes and pair_rows throw.
Predictions align(const Predictions& predictions, const Predictions& reference,
                  const std::filesystem::path& folder,
                  const std::filesystem::path& reference_folder);

}  // namespace fer
