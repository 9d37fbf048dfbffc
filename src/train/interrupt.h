// Ctrl-C as a flag that the training loop looks at.
#pragma once

namespace fer {

/// During its life SIGINT and SIGTERM only set a flag; a second one ends the
/// process.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  static bool requested();
};

}  // namespace fer
