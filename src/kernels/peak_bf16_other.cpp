// Processors whose bfloat16 arithmetic is not measured: no limit is claimed.
#include "kernels/peak_loops.h"

namespace fer {

Bf16Unit bf16_unit() { return Bf16Unit::kUnknown; }

int64_t bf16_peak_loop(int64_t) { return 0; }

}  // namespace fer
