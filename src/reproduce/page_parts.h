// The section of one source in reproduction.html.
#pragma once

#include <string>

#include "report/html.h"
#include "reproduce/reproduction.h"

namespace fer {

PageSection source_section(const SourceResult& source);

}  // namespace fer
