// What `run --seeds` and `sweep` share: how children are started, what is
// checked before the first of them, and how the command ends.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "data/image_set.h"
#include "data/split.h"
#include "sweep/member_runner.h"

namespace fer {

/// Adds --jobs; 0 leaves it to the machine (default_jobs).
void add_jobs_option(CLI::App& verb, int& jobs);

/// Slots for `jobs` children that train on `device`.
std::vector<Slot> choose_slots(int jobs, DeviceKind device);

/// Children of this program on `experiment`, logging to <folder>/logs.
/// `device`: what --device says, passed on.
ChildRecipe make_recipe(const std::string& experiment,
                        const std::filesystem::path& folder,
                        const std::string& device, const std::string& metric);

/// The split of an experiment; DataError for a leak that its protocol does not
/// allow.
Split make_checked_split(const ImageSet& images, const Config& config);

/// What the end of a run needs, asked for before hours of training.
void require_tools(const ReportConfig& report);

/// Whatever would stop these members in the same way: tools, images (decoded
/// into the cache once), splits, leaks, the model. Nothing is trained.
void check_before_start(const std::vector<Member>& members, bool quiet);

/// Interrupted when not `finished`; Error when a member failed.
void require_success(const std::vector<Member>& members, bool finished,
                     const std::filesystem::path& logs);

}  // namespace fer
