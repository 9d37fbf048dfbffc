// Pictures and text of the verbs of `ferbench data`.
#pragma once

#include <filesystem>
#include <string>

#include "config/sections.h"
#include "core/json.h"
#include "data/image_set.h"
#include "data/split.h"
#include "data/twins.h"

namespace fer {

/// audit.json as lines for a person.
std::string audit_text(const Json& audit);

/// Writes audit.json and audit.html, the page with the pictures, into `folder`.
void write_audit(const std::filesystem::path& folder, const Config& config,
                 const ImageSet& images, const Split& split, const Twins& twins,
                 const Json& audit);

/// Images of every class in turn, captioned with the class.
void write_class_sheet(const std::filesystem::path& path,
                       const ImageSet& images, int count);

/// Training samples as epoch 1 will see them, captioned with the class.
void write_augmented_sheet(const std::filesystem::path& path,
                           const ImageSet& images, const Split& split,
                           const Config& config, int count);

}  // namespace fer
