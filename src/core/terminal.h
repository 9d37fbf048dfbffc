// What a person sees on stderr: progress that overwrites itself on a terminal,
// plain lines everywhere else.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace fer {

bool stderr_is_terminal();
bool stdout_is_terminal();

/// "8.2 s", "3 min 05 s", "1 h 02 min"; "?" for what is no number.
std::string format_duration(double seconds);

/// A bar "Decoding  12000/35887 ━━━━━╺━━━━ 3 s left". On a terminal it redraws
/// at most ten times a second; elsewhere it prints nothing but the closing
/// line. Thread-safe advance().
class ProgressBar {
 public:
  ProgressBar(std::string what, size_t total, bool quiet = false);
  ~ProgressBar();
  void advance(size_t n = 1);
  void finish();

 private:
  void draw();

  std::string what_;
  size_t total_;
  size_t done_ = 0;
  bool quiet_;
  bool finished_ = false;
  std::chrono::steady_clock::time_point start_, last_;
  struct Lock;
  Lock* lock_;
};

}  // namespace fer
