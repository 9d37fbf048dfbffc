// How many may work at a time, and how many may wait for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace fer {

/// Like a semaphore whose queue has an end.
class Gate {
 public:
  Gate(int places, int waiting) : free_(places), waiting_room_(waiting) {}

  /// Held while working.
  class Pass {
   public:
    explicit Pass(Gate* gate) : gate_(gate) {}
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() {
      if (gate_) gate_->leave();
    }
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    Gate* gate_;
  };

  /// False when too many wait already, or when no place came free in time.
  Pass enter(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (free_ == 0) {
      if (waiting_ >= waiting_room_) return Pass(nullptr);
      ++waiting_;
      const bool came =
          freed_.wait_for(lock, patience, [this] { return free_ > 0; });
      --waiting_;
      if (!came) return Pass(nullptr);
    }
    --free_;
    return Pass(this);
  }

 private:
  void leave() {
    {
      const std::scoped_lock lock(mutex_);
      ++free_;
    }
    freed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable freed_;
  int free_;
  const int waiting_room_;
  int waiting_ = 0;
};

}  // namespace fer
