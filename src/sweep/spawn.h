// One child process of the pool; private to process_pool.cpp.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sweep/slots.h"

namespace fer {

/// Starts `arguments` (the program's path first) in a process group of its own,
/// bound to `slot`, reading nothing, writing to the end of `log`. Returns once
/// the program runs. DataError when it cannot.
pid_t spawn(const std::vector<std::string>& arguments,
            const std::filesystem::path& log, const Slot& slot);

}  // namespace fer
