// The images of a data set that are worth keeping, as a table that a person can
// read and change: `ferbench data clean` writes it, data.split.keep reads it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "data/image_set.h"
#include "data/twins.h"

namespace fer {

/// Why an image goes.
enum class DropReason {
  kNone,               ///< it is kept
  kExactDuplicate,     ///< the pixels of another image, which is kept
  kNearTwin,           ///< a twin of another image, which is kept
  kConflictingLabels,  ///< its twin group carries more than one label
  kBlank,              ///< one constant value
  kBad                 ///< a file that could not be decoded
};

/// "", "exact_duplicate", "near_twin", "conflicting_labels", "blank", "bad".
const char* reason_word(DropReason reason);

/// The verdict on one image.
struct CleanRow {
  DropReason reason = DropReason::kNone;
  int64_t twin_of =
      -1;  ///< the image kept for it, of a conflict the first; -1: none
};

/// For each image. Of a group of twins with one label one image is kept: the
/// one of the part that is tested last (PrivateTest, PublicTest, then others),
/// of these the first. Of a group with several labels none is kept, for nobody
/// knows which is right.
std::vector<CleanRow> clean_images(const ImageSet& images, const Twins& twins);

/// {"images", "kept", "exact_duplicate", "near_twin", ..}: how many of each.
Json clean_counts(const ImageSet& images, const std::vector<CleanRow>& rows);

/// Writes the table, whole: `id,kept,reason,twin_of,fingerprint`, a line for
/// each image in the order of the set (kept 1 or 0; twin_of: an id or empty;
/// fingerprint: that of the set, on the first line only), then the files that
/// could not be decoded.
void write_clean_list(const std::filesystem::path& path, const ImageSet& images,
                      const std::vector<CleanRow>& rows);

/// For each image whether the table keeps it. DataError: other columns, ids
/// that are unknown, missing or there twice, `kept` other than 0 or 1, a
/// fingerprint of other images, or nothing kept.
std::vector<bool> read_kept(const std::filesystem::path& path,
                            const ImageSet& images);

}  // namespace fer
