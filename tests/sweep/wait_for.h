// Waiting for what other processes do.
#pragma once

#include <chrono>
#include <thread>

namespace fer {

/// Until `condition` holds, ten seconds at most; whether it does.
template <class Condition>
bool wait_for(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace fer
