// What the processor can multiply and add at most: measured, because clock
// rates and neighbours on the same host decide it.
#pragma once

#include <optional>

namespace fer {

/// Operations a second (a multiply-add is two) of fused multiply-adds in float
/// on all threads of OpenMP, from registers alone. Slices of some 10 ms are
/// repeated for `seconds`; the best one counts.
double peak_flops_fp32(double seconds = 0.3);

/// The same for products of bfloat16 pairs added up in float; never below the
/// rate of fp32, which does their work where the processor has no instruction
/// for them, or a slow one. Nothing on processors that are not measured here.
std::optional<double> peak_flops_bf16(double seconds = 0.3);

}  // namespace fer
