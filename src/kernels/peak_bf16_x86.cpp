// The bfloat16 loops of peak_flops: VDPBF16PS and TDPBF16PS, which Highway does
// not use yet.
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernels/peak_loops.h"

namespace fer {
namespace {

// The system must save the 512-bit registers, too: XCR0 bits 5 to 7, with the
// smaller ones below.
bool saves_wide_registers() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return false;
  unsigned low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & 0xE6) == 0xE6;
}

// Twelve sums of 16 pairs, two multiply-adds a pair.
__attribute__((target("avx512f,avx512bf16"))) int64_t multiply_add_pairs(
    int64_t rounds) {
  const __m512i zero = _mm512_setzero_si512();
  const auto x = reinterpret_cast<__m512bh>(zero);
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0,
         s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0;
  for (int64_t i = 0; i < rounds; ++i) {
    // The products do not change; the barrier keeps every one of them.
    asm volatile("" : "+v"(s0), "+v"(s1), "+v"(s2), "+v"(s3));
    asm volatile("" : "+v"(s4), "+v"(s5), "+v"(s6), "+v"(s7));
    asm volatile("" : "+v"(s8), "+v"(s9), "+v"(s10), "+v"(s11));
    s0 = _mm512_dpbf16_ps(s0, x, x);
    s1 = _mm512_dpbf16_ps(s1, x, x);
    s2 = _mm512_dpbf16_ps(s2, x, x);
    s3 = _mm512_dpbf16_ps(s3, x, x);
    s4 = _mm512_dpbf16_ps(s4, x, x);
    s5 = _mm512_dpbf16_ps(s5, x, x);
    s6 = _mm512_dpbf16_ps(s6, x, x);
    s7 = _mm512_dpbf16_ps(s7, x, x);
    s8 = _mm512_dpbf16_ps(s8, x, x);
    s9 = _mm512_dpbf16_ps(s9, x, x);
    s10 = _mm512_dpbf16_ps(s10, x, x);
    s11 = _mm512_dpbf16_ps(s11, x, x);
  }
  asm volatile("" : "+v"(s0), "+v"(s1), "+v"(s2), "+v"(s3));
  asm volatile("" : "+v"(s4), "+v"(s5), "+v"(s6), "+v"(s7));
  asm volatile("" : "+v"(s8), "+v"(s9), "+v"(s10), "+v"(s11));
  return rounds * 12 * 16 * 4;
}

// The layout that LDTILECFG reads.
struct alignas(64) TileShapes {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t bytes_a_row[16] = {};
  uint8_t rows[16] = {};
};

// Linux gives a process its tiles when it asks for them.
bool may_use_tiles() {
  constexpr int64_t kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

// Six sums of 16x16, 32 multiply-adds each; a round is one product.
__attribute__((target("amx-tile,amx-bf16"))) int64_t multiply_tiles(
    int64_t rounds) {
  TileShapes shapes;
  for (int i = 0; i < 8; ++i) {
    shapes.bytes_a_row[i] = 64;
    shapes.rows[i] = 16;
  }
  // GCC takes the instruction to read eight bytes of them.
  asm volatile("" : : "r"(&shapes) : "memory");
  _tile_loadconfig(&shapes);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  _tile_zero(6);
  _tile_zero(7);
  const int64_t sixes = rounds / 6;
  for (int64_t i = 0; i < sixes; ++i) {
    _tile_dpbf16ps(0, 6, 7);
    _tile_dpbf16ps(1, 6, 7);
    _tile_dpbf16ps(2, 6, 7);
    _tile_dpbf16ps(3, 6, 7);
    _tile_dpbf16ps(4, 6, 7);
    _tile_dpbf16ps(5, 6, 7);
  }
  _tile_release();
  return sixes * 6 * 16 * 16 * 32 * 2;
}

}  // namespace

Bf16Unit bf16_unit() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!saves_wide_registers()) return Bf16Unit::kNone;
  constexpr unsigned kAmxBf16 = 1u << 22, kAmxTile = 1u << 24;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & kAmxBf16) &&
      (d & kAmxTile) && may_use_tiles())
    return Bf16Unit::kTiles;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 5)))
    return Bf16Unit::kVector;  // AVX512_BF16
  return Bf16Unit::kNone;
}

int64_t bf16_peak_loop(int64_t rounds) {
  return bf16_unit() == Bf16Unit::kTiles ? multiply_tiles(rounds)
                                         : multiply_add_pairs(rounds);
}

}  // namespace fer
