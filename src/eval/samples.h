// A few pictures of a split with what the model said about them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "data/image_set.h"
#include "metrics/predictions.h"

namespace fer {

/// Up to `count` samples, half of them wrong where there are so many, right
/// ones first, each half spread over the split: [{id, label, predicted,
/// probability (of the predicted class), png (base64)}]. rows[i] is the image
/// of prediction i.
Json sample_predictions(const ImageSet& images,
                        const std::vector<int64_t>& rows,
                        const Predictions& predictions, size_t count);

/// The same samples as one picture, right ones framed green, wrong ones red.
void write_sample_sheet(const std::filesystem::path& path,
                        const ImageSet& images,
                        const std::vector<int64_t>& rows,
                        const Predictions& predictions, size_t count);

/// RFC 4648.
std::string base64(std::span<const std::byte> bytes);

}  // namespace fer
