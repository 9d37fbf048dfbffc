// Pictures and text of the verbs of `ferbench data`.
#pragma once

#include <filesystem>
#include <string>

#include "config/sections.h"
#include "core/json.h"
#include "data/image_set.h"
#include "data/split.h"

namespace fer {

/// audit.json as lines for a person.
std::string audit_text(const Json& audit);

/// Images of every class in turn, captioned with the class.
void write_class_sheet(const std::filesystem::path& path,
                       const ImageSet& images, int count);

/// Training samples as epoch 1 will see them, captioned with the class.
void write_augmented_sheet(const std::filesystem::path& path,
                           const ImageSet& images, const Split& split,
                           const Config& config, int count);

}  // namespace fer
