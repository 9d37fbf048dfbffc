// All sides of a comparison on one and the same list of images.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "compare/entry.h"

namespace fer {

/// Row i of every table of every entry is the same image, with the same label
/// and classes in the same order.
struct Lineup {
  std::string split;
  std::vector<CompareEntry> entries;  ///< two or more, names differ
  /// One number per row: copies of one picture share it (row_groups()).
  std::vector<int64_t> groups;
  size_t units = 0;          ///< different numbers among `groups`
  size_t positive = 1;       ///< two classes: the one that AUC speaks of
  double zero_division = 0;  ///< value of 0 / 0
  bool ranked = true;  ///< false: protocols differ, and that was asked for
  std::vector<std::string> notes;

  const Predictions& first() const { return entries[0].predictions[0]; }
  size_t rows() const { return first().size(); }
  /// Whether every row is a picture of its own.
  bool independent() const { return units == rows(); }
};

/// Reads and aligns the runs. Classes in another order are put into the order
/// of the first run, rows into its order of images. DataError for
/// - fewer than two runs, or one folder twice;
/// - different protocols, unless `force`: then nothing is ranked;
/// - different classes, other images, or other labels of the same images;
/// - what read_entry throws.
Lineup read_lineup(const std::vector<std::filesystem::path>& runs,
                   const std::string& split, bool force = false);

}  // namespace fer
