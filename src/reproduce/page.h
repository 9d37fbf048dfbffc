// reproduction.html: one file, no scripts, nothing fetched, light or dark.
#pragma once

#include <filesystem>
#include <string>

#include "reproduce/reproduction.h"

namespace fer {

std::string reproduction_html(const Reproduction& reproduction);

/// Writes results/reproduction.md and results/reproduction.html, each whole.
void write_reproduction(const std::filesystem::path& results,
                        const Reproduction& reproduction);

}  // namespace fer
