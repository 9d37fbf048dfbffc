#include "kernels/workspace.h"

#include <hwy/aligned_allocator.h>

#include <array>
#include <new>

namespace fer {
namespace {

struct Memory {
  hwy::AlignedFreeUniquePtr<float[]> floats;
  int64_t size = 0;
};

}  // namespace

float* workspace(Workspace kind, int64_t size) {
  thread_local std::array<Memory, kWorkspaces> memories;
  Memory& memory = memories[static_cast<size_t>(kind)];
  if (memory.size < size) {
    memory = {};
    memory.floats = hwy::AllocateAligned<float>(static_cast<size_t>(size));
    if (!memory.floats) throw std::bad_alloc();
    memory.size = size;
  }
  return memory.floats.get();
}

}  // namespace fer
