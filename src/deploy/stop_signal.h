// Ctrl-C and `kill` as something to wait for.
#pragma once

namespace fer {

/// While it lives, SIGINT and SIGTERM end wait() instead of the process; a
/// second one ends the process as usual. One object at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// Returns at once when a signal has come already.
  void wait();
};

}  // namespace fer
