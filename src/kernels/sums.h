// Per-channel sums that the blocks of a kernel fill side by side.
#pragma once

#include <cstdint>
#include <vector>

namespace fer {

/// Two sums per block and channel; added up in the order of the blocks.
class BlockSums {
 public:
  BlockSums(int64_t blocks, int64_t channels)
      : channels_(static_cast<size_t>(channels)),
        values_(static_cast<size_t>(blocks) * 2 * channels_, 0.0) {}

  double* first(int64_t block) { return at(block, 0); }
  double* second(int64_t block) { return at(block, 1); }

  std::vector<double> first_total() const { return total(0); }
  std::vector<double> second_total() const { return total(1); }

 private:
  double* at(int64_t block, size_t which) {
    return values_.data() +
           (2 * static_cast<size_t>(block) + which) * channels_;
  }
  std::vector<double> total(size_t which) const {
    std::vector<double> sum(channels_, 0.0);
    for (size_t at = which * channels_; at < values_.size();
         at += 2 * channels_) {
      for (size_t c = 0; c < channels_; ++c) sum[c] += values_[at + c];
    }
    return sum;
  }

  size_t channels_;
  std::vector<double> values_;
};

}  // namespace fer
