// Memory that kernels write before they read it, kept from call to call.
#pragma once

#include <cstdint>

namespace fer {

/// What the memory is for: one call may hold one of each.
enum class Workspace { kInputs, kOutputs, kWeights, kSums };
inline constexpr int kWorkspaces = 4;

/// At least `size` floats of this thread, aligned to a cache line, with
/// whatever is in them; valid until the thread asks for more of the same kind.
float* workspace(Workspace kind, int64_t size);

}  // namespace fer
