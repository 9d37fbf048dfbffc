// Child processes, as many at once as there are slots, each bound to its share
// of the machine.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "sweep/slots.h"

namespace fer {

struct Child {
  std::string name;                    ///< unique among the running ones
  std::vector<std::string> arguments;  ///< the program's path first
  std::filesystem::path log;  ///< stdout and stderr are added at its end
};

/// How a child ended: by an exit code, or (exit_code -1) by a signal.
struct ChildEnd {
  std::string name;
  int exit_code = -1;
  int signal = 0;
  double seconds = 0;
};

/// "exit code 1", "signal 9 (Killed)".
std::string describe_end(const ChildEnd& end);

/// Each child is a process group of its own, so that Ctrl-C on the terminal
/// reaches it through stop_all() alone, once. The kernel kills the children
/// (SIGKILL) when this process dies of whatever; what they leave running in
/// their group is killed when they end. Not thread-safe, and the thread that
/// starts children must outlive them.
class ProcessPool {
 public:
  explicit ProcessPool(std::vector<Slot> slots);
  ~ProcessPool();  ///< kills what still runs
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  bool full() const { return running_.size() == slots_.size(); }
  bool idle() const { return running_.empty(); }
  /// The slot that the next start() takes; the pool must not be full.
  const Slot& free_slot() const { return slots_[free_index()]; }

  /// DataError when the log cannot be written or the program not be started.
  void start(const Child& child);

  /// Those that have ended, waiting for the first of them up to `seconds`;
  /// empty, and earlier, when this process receives a signal.
  std::vector<ChildEnd> wait(double seconds);

  /// SIGTERM to one child, or to all; a second call does nothing.
  void stop(const std::string& name);
  void stop_all();

 private:
  struct Running {
    std::string name;
    size_t slot;
    pid_t pid;
    std::chrono::steady_clock::time_point start;
    bool stopped = false;
  };

  size_t free_index() const;
  std::vector<ChildEnd> collect();

  std::vector<Slot> slots_;
  std::vector<Running> running_;
};

}  // namespace fer
