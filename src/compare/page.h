// compare.html: the comparison as a page with the photographs on which the runs
// differ.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "compare/comparison.h"

namespace fer {

/// Where the page's pictures come from: a run folder holds only a few.
struct ComparePictures {
  /// PNG of an image as base64; "" when there is none. Empty: no pictures.
  std::function<std::string(const std::string& id)> png;
  std::string missing;  ///< why there are none, for the page
  size_t most = 100;    ///< shown of each kind; the page counts the others
};

/// One file, no scripts, nothing fetched, the look of report.html.
std::string compare_html(const Comparison& comparison,
                         const ComparePictures& pictures);

/// The pictures of one pair of entries: which one has what right, with label,
/// both answers and probabilities; ids alone where there is no picture.
std::string pictures_html(const Comparison& comparison, const PairDetails& pair,
                          const ComparePictures& pictures);

}  // namespace fer
