// The inner loops of peak_flops, each with as many independent sums as hide the
// latency of a multiply-add.
#pragma once

#include <cstdint>

namespace fer {

/// Operations that one thread did in `rounds` rounds, in float, with the widest
/// vectors of this processor.
int64_t fp32_peak_loop(int64_t rounds);

/// How the processor multiplies bfloat16: not at all, vectors (AVX512_BF16) or
/// tiles of 16x32 (AMX); kUnknown where nothing here can tell.
enum class Bf16Unit { kNone, kVector, kTiles, kUnknown };
Bf16Unit bf16_unit();
/// The same with products of bfloat16; for kVector and kTiles alone.
int64_t bf16_peak_loop(int64_t rounds);

}  // namespace fer
