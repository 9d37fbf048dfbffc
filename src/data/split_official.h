// FER2013's own parts: Training, PublicTest for validation, PrivateTest sealed;
// or its two folders, train/ and test/.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"
#include "data/split.h"
#include "data/split_rows.h"

namespace fer {

/// Whether the source has a validation part of its own.
bool has_public_test(const ImageSet& images);

/// `rows` by the part that their source names. Under protocol folders the test
/// is PublicTest and PrivateTest. Where there is no PublicTest, and always
/// under folders, validation is config.validation of Training, twins kept
/// together with config.group_duplicates. DataError for an image without a
/// part.
Split official_split(const ImageSet& images, const Rows& rows,
                     const SplitConfig& config, const Twins& twins);

/// The same test set; taken out are the training and validation images with a
/// twin in it, and the training images with a twin in PublicTest. Validation
/// that is dealt never parts twins.
Split official_clean_split(const ImageSet& images, const Rows& rows,
                           const SplitConfig& config, const Twins& twins);

}  // namespace fer
