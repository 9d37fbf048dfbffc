// Time that work takes.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

namespace fer {

using Stopwatch = std::chrono::steady_clock;

inline double seconds_since(Stopwatch::time_point start) {
  return std::chrono::duration<double>(Stopwatch::now() - start).count();
}

/// When a measurement has been repeated often enough.
struct Repeats {
  int warm_up = 3;     ///< not counted
  int least = 7;       ///< counted, even beyond the time
  double seconds = 5;  ///< then no more are begun
  int most = std::numeric_limits<int>::max();  ///< counted, whatever the time
};

/// Seconds of each counted call of `work`, rising.
template <class Work>
std::vector<double> timed_calls(const Work& work, const Repeats& repeats) {
  for (int i = 0; i < repeats.warm_up; ++i) work();
  std::vector<double> seconds;
  const auto count = [&] { return static_cast<int>(seconds.size()); };
  const auto start = Stopwatch::now();
  while (count() < repeats.most &&
         (count() < repeats.least || seconds_since(start) < repeats.seconds)) {
    const auto begin = Stopwatch::now();
    work();
    seconds.push_back(seconds_since(begin));
  }
  std::ranges::sort(seconds);
  return seconds;
}

}  // namespace fer
