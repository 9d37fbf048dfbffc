// The model that predict, recommend, validate and serve use when none is named.
#pragma once

#include <filesystem>
#include <vector>

namespace fer {

/// Folders of released models, in order: $FERBENCH_MODELS, models/ here,
/// models/ above the program (build tree), ../share/ferbench/models
/// (installed).
std::vector<std::filesystem::path> model_folders();

/// The file that the first folder with a `default.txt` names in its first line,
/// relative to that folder. DataError that names --model where there is none,
/// or where the file named is missing.
std::filesystem::path released_model();

}  // namespace fer
