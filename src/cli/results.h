// What a person reads at the end of a run.
#pragma once

#include <filesystem>
#include <string>

#include "core/json.h"

namespace fer {

/// The tables of every split in metrics.json, the best known last.
std::string results_text(const Json& metrics);

}  // namespace fer
