// What the server counts, in Prometheus' text format.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace fer {

/// Thread-safe. Paths are those of endpoints() or "other", so that a client
/// cannot make the list grow.
class ServerMetrics {
 public:
  void request(const std::string& path, int status, double seconds);
  /// "emotion", "low_confidence" or "no_face"; the main face's emotion or "".
  void picture(const std::string& outcome, const std::string& emotion);
  void songs(size_t count);

  /// With the process' resident memory and `connections` open.
  std::string text(int connections) const;

 private:
  static constexpr std::array<double, 10> kBounds = {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};
  struct Durations {
    std::array<uint64_t, kBounds.size() + 1> counts{};
    double sum = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> requests_;
  std::map<std::string, Durations> durations_;
  std::map<std::string, uint64_t> outcomes_, emotions_;
  uint64_t songs_ = 0;
};

/// Bytes of memory that the process holds now; 0 where that is not known.
uint64_t resident_bytes();

}  // namespace fer
