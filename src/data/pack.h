// Packed data sets: decoded images in one file that is mapped, not read.
//
// Little-endian. Offsets of sections count from the body, which starts at the
// first multiple of 4096 after the header:
//   0   8 bytes    "FERPACK\n"
//   8   uint32     version, 1
//   12  uint32     bytes of the header
//   16  64 bytes   SHA-256 of the header, hex
//   80  header     JSON: images, channels, height, width, class_names,
//                  fingerprint, bad [{id, reason}], body_bytes,
//                  chunks [SHA-256 of each 4 MiB of the body],
//                  sections {labels, usage, id_ends, ids, pixels: [offset,
//                  bytes]}
//   body           labels int32 [N], usage uint8 [N], id_ends uint64 [N] (ends
//                  in `ids`), ids UTF-8, pixels uint8 [N, C, H, W]
#pragma once

#include <filesystem>

#include "data/image_set.h"

namespace fer {

/// Writes the set, whole or not at all; its fingerprint goes with it.
void write_pack(const std::filesystem::path& path, const ImageSet& images);

/// Maps a packed file; checks every byte against the checksums on all cores.
/// DataError: not a packed file, another version, damaged.
ImageSet read_pack(const std::filesystem::path& path);

}  // namespace fer
