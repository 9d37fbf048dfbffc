// audit.html: what the audit found, with the pictures that prove it.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"

namespace fer {

/// One picture of a group; all text is plain.
struct AuditPicture {
  std::string png;  ///< base64
  std::string id, label;
  std::string split;  ///< "train", "val", "test", "" for none
  std::string note;   ///< what ties it to the others: "exact copy", "0.987"
};

/// Pictures of one photograph. `more`: members that are not shown.
struct AuditGroup {
  std::vector<AuditPicture> pictures;
  size_t more = 0;
};

/// A list of groups, worst first. `total`: how many there are; those that are
/// not in `groups` are counted on the page.
struct AuditGroups {
  std::vector<AuditGroup> groups;
  size_t total = 0;
};

struct AuditPage {
  std::string title;     ///< the experiment's name
  std::string protocol;  ///< "official"
  Json audit;            ///< audit_images()
  AuditGroups cross_split, conflicts, largest;
  AuditGroup blank;
};

/// The whole page: one file, no scripts, nothing fetched, light or dark as the
/// reader's system is.
std::string audit_html(const AuditPage& page);

}  // namespace fer
