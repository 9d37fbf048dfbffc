// What a masked autoencoder makes of pictures that it only half sees.
#pragma once

#include "data/image_set.h"
#include "data/split.h"
#include "train/run_folder.h"

namespace fer {

/// Writes figures/reconstructions-val.png of a run of `ferbench pretrain`: up
/// to `count` validation images spread over the split, each as it is, with its
/// hidden patches gray, and with those drawn by the best checkpoint (the last
/// one where no best was kept). DataError: no checkpoint.
void write_reconstructions(const RunFolder& run, const ImageSet& images,
                           const Split& split, int count);

}  // namespace fer
