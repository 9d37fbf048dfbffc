// What this program is and what it runs on: `ferbench --version`,
// environment.json.
#pragma once

#include <string>

#include "core/json.h"

namespace fer {

/// version, commit, compiler, torch, cuda, opencv, processor, cores,
/// memory_gib, cpu_features.
Json version_json();

/// "ferbench 0.1.0 (commit 1a2b3c4, torch 2.11.0, CUDA 13.0, g++ 12.2.0)".
std::string version_line();

/// The processor's name and the features that speed depends on: avx2, avx512f,
/// avx512_bf16, ...
std::string processor_name();
std::string processor_features();

}  // namespace fer
