#include "core/terminal.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <mutex>

namespace fer {

struct ProgressBar::Lock {
  std::mutex mutex;
};

bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }
bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

std::string format_duration(double seconds) {
  if (!(seconds < 1e12)) return "?";
  if (seconds < 59.95) return fmt::format("{:.1f} s", std::max(0.0, seconds));
  const long whole = std::lround(seconds);
  if (whole < 3600)
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  const long minutes = std::lround(seconds / 60);
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

ProgressBar::ProgressBar(std::string what, size_t total, bool quiet)
    : what_(std::move(what)),
      total_(total),
      quiet_(quiet),
      start_(std::chrono::steady_clock::now()),
      last_(start_),
      lock_(new Lock) {}

ProgressBar::~ProgressBar() {
  if (!finished_ && !quiet_ && stderr_is_terminal()) fmt::print(stderr, "\n");
  delete lock_;
}

void ProgressBar::advance(size_t n) {
  const std::lock_guard guard(lock_->mutex);
  done_ += n;
  const auto now = std::chrono::steady_clock::now();
  if (quiet_ || !stderr_is_terminal() ||
      now - last_ < std::chrono::milliseconds(100))
    return;
  last_ = now;
  draw();
}

void ProgressBar::draw() {
  const std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - start_;
  const double share =
      total_ ? static_cast<double>(done_) / static_cast<double>(total_) : 1.0;
  const int filled = static_cast<int>(share * 20);
  std::string bar;
  for (int i = 0; i < 20; ++i) bar += i < filled ? "━" : "╌";
  const double left = share > 0 ? spent.count() / share - spent.count() : 0;
  fmt::print(stderr, "\r{}  {}/{} {} {} left\033[K", what_, done_, total_, bar,
             format_duration(left));
  std::fflush(stderr);
}

void ProgressBar::finish() {
  const std::lock_guard guard(lock_->mutex);
  finished_ = true;
  if (quiet_) return;
  const std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - start_;
  fmt::print(stderr, "{}{}: {} in {}{}\n", stderr_is_terminal() ? "\r" : "",
             what_, done_, format_duration(spent.count()),
             stderr_is_terminal() ? "\033[K" : "");
}

}  // namespace fer
