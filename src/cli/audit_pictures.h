// The groups of pictures on audit.html.
#pragma once

#include "config/sections.h"
#include "data/image_set.h"
#include "data/split.h"
#include "data/twins.h"
#include "report/audit_page.h"

namespace fer {

/// The page of an audit: its worst groups with their pictures, at most 40 of a
/// kind and 8 pictures of a group. Error without OpenCV.
AuditPage audit_page(const Config& config, const ImageSet& images,
                     const Split& split, const Twins& twins, const Json& audit);

}  // namespace fer
