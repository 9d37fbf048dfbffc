#include "callbacks/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "callbacks/measured.h"
#include "core/terminal.h"

namespace fer {
namespace {

constexpr int kBarWidth = 20;
constexpr double kRedrawSeconds = 0.1;
constexpr double kNever = -1e9;

double steady_seconds() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

int terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return size.ws_col;
}

ProgressOptions stderr_options() {
  ProgressOptions options;
  options.terminal = stderr_is_terminal();
  if (options.terminal) options.columns = terminal_columns();
  return options;
}

// " - loss: 0.4123", small values as 4.1234e-04: Keras's rule.
std::string metric(const char* name, double value) {
  if (!was_measured(name, value)) return "";
  return std::abs(value) > 1e-3 ? fmt::format(" - {}: {:.4f}", name, value)
                                : fmt::format(" - {}: {:.4e}", name, value);
}

std::string per_step(double seconds) {
  if (seconds >= 1 || seconds == 0) return fmt::format("{:.0f}s/step", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.0f}ms/step", seconds * 1e3);
  return fmt::format("{:.0f}us/step", seconds * 1e6);
}

std::string time_left(double seconds) {
  const long whole = static_cast<long>(seconds);
  if (whole > 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60,
                       whole % 60);
  if (whole > 60) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

std::string epoch_metrics(const EpochLogs& logs) {
  return metric("accuracy", logs.train_accuracy) +
         metric("loss", logs.train_loss) +
         metric("val_accuracy", logs.val_accuracy) +
         metric("val_loss", logs.val_loss) +
         metric("learning_rate", logs.learning_rate);
}

std::string count(int step, int steps) {
  const std::string whole = std::to_string(steps);
  return fmt::format("{:>{}}/{}", step, whole.size(), whole);
}

// Green as far as it is done, grey behind.
std::string bar(int step, int steps, int width) {
  const int done = steps > 0 ? width * step / steps : width;
  std::string text = "\033[32m";
  for (int i = 0; i < width; ++i) {
    if (i == done) text += "\033[37m";
    text += "━";
  }
  return text + "\033[0m";
}

}  // namespace

Progress::Progress() : Progress(stderr_options()) {}

Progress::Progress(ProgressOptions options) : options_(std::move(options)) {
  if (!options_.clock) options_.clock = steady_seconds;
}

void Progress::on_train_begin(TrainContext&) {
  step_ = 0;
  open_line_ = false;
}

void Progress::on_epoch_begin(TrainContext& context, int epoch) {
  step_ = 0;
  begin_ = first_step_ = last_step_ = options_.clock();
  drawn_ = kNever;
  if (!options_.terminal) return;
  fmt::print(options_.out, "Epoch {}/{}\n", epoch, context.epochs());
  std::fflush(options_.out);
}

void Progress::on_step_end(TrainContext&, const StepLogs& logs) {
  last_step_ = options_.clock();
  if (step_ == 0) {
    first_ = logs.step;
    first_step_ = last_step_;
  }
  step_ = logs.step;
  const bool due = last_step_ - drawn_ >= kRedrawSeconds;
  if (options_.terminal && (due || logs.step == logs.steps)) draw(logs);
}

double Progress::seconds_per_step() const {
  if (step_ > first_) return (last_step_ - first_step_) / (step_ - first_);
  return (last_step_ - begin_) / std::max(1, step_);
}

void Progress::draw(const StepLogs& logs) {
  const std::string head = count(logs.step, logs.steps);
  const std::string tail =
      time_left(seconds_per_step() * (logs.steps - logs.step)) + ' ' +
      per_step(seconds_per_step()) + metric("accuracy", logs.accuracy) +
      metric("loss", logs.loss);
  // A line that wraps cannot be redrawn: the bar gives way.
  const int text = static_cast<int>(head.size() + tail.size()) + 2;
  const int width = std::clamp(options_.columns - 1 - text, 0, kBarWidth);
  fmt::print(options_.out, "\r\033[1m{}\033[0m {} {}\033[K", head,
             bar(logs.step, logs.steps, width), tail);
  std::fflush(options_.out);
  drawn_ = last_step_;
  open_line_ = true;
}

void Progress::on_epoch_end(TrainContext& context, const EpochLogs& logs) {
  const std::string speed = per_step(seconds_per_step());
  const std::string metrics = epoch_metrics(logs);
  if (options_.terminal) {
    const int steps = context.steps_per_epoch();
    fmt::print(options_.out, "\r\033[1m{}\033[0m {} {:.0f}s {}{}\033[K\n",
               count(steps, steps), bar(1, 1, kBarWidth), logs.seconds, speed,
               metrics);
  } else {
    fmt::print(options_.out, "Epoch {}/{} - {:.0f}s - {}{}\n", logs.epoch,
               context.epochs(), logs.seconds, speed, metrics);
  }
  std::fflush(options_.out);
  open_line_ = false;
}

void Progress::on_train_end(TrainContext&) { close_line(); }
void Progress::on_exception(TrainContext&) { close_line(); }

void Progress::close_line() {
  if (!open_line_) return;
  fmt::print(options_.out, "\n");
  std::fflush(options_.out);
  open_line_ = false;
}

}  // namespace fer
