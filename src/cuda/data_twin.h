// The data kernel's twin on the CPU.
#pragma once

#include "cuda/module.h"

namespace fer {

/// What CudaModule::make_batch does, with pointers to the CPU's memory; null.
const char* make_batch_on_cpu(const CudaBatch* batch);

}  // namespace fer
