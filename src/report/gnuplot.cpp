#include "report/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "report/plot_style.h"

extern char** environ;

namespace fer {
namespace fs = std::filesystem;
namespace {

fs::path make_temporary_folder() {
  std::string pattern =
      (fs::temp_directory_path() / "ferbench-figures-XXXXXX").string();
  if (!mkdtemp(pattern.data())) {
    fail<DataError>(
        "[report] expected a temporary folder; got '{}' ({}). Free some space "
        "or set TMPDIR.",
        std::strerror(errno), pattern);
  }
  return pattern;
}

// Runs `program script` inside `folder`, its messages into messages.txt; the
// exit status, or -1 when it could not be started.
int run_in(const fs::path& folder, const fs::path& program) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "messages.txt",
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  std::string name = program.string(), defaults = "-d", script = "figures.gp";
  char* arguments[] = {name.data(), defaults.data(), script.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr,
                                arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

// gnuplot prints the command, a caret and the fault on lines of their own.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const char shown = c == '\n' || c == '\t' ? ' ' : c;
    if (shown == ' ' && (line.empty() || line.back() == ' ')) continue;
    line += shown;
  }
  return line.substr(0, 300);
}

}  // namespace

std::string gnuplot_string(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return quoted + "'";
}

fs::path find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path ? path : "", ':')) {
    const fs::path candidate = fs::path(folder) / name;
    if (!folder.empty() && fs::is_regular_file(candidate) &&
        ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return {};
}

Gnuplot::Gnuplot() : program_(find_program("gnuplot")) {
  if (program_.empty()) {
    const char* path = std::getenv("PATH");
    fail<DataError>(
        "[report] expected the program gnuplot for the figures; got none (PATH "
        "'{}'). Install it with `apt-get install gnuplot-nox`, or set "
        "report.figures to false.",
        path ? path : "");
  }
  folder_ = make_temporary_folder();
}

Gnuplot::~Gnuplot() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string Gnuplot::data(const std::vector<std::vector<double>>& columns) {
  const std::string name = fmt::format("data-{}.txt", files_++);
  std::string text;
  const size_t rows = columns.empty() ? 0 : columns.front().size();
  for (size_t row = 0; row < rows; ++row) {
    for (const auto& column : columns) {
      text += std::isfinite(column[row]) ? fmt::format("{:.9g} ", column[row])
                                         : "NaN ";
    }
    text += '\n';
  }
  write_file(folder_ / name, text);
  return gnuplot_string(name);
}

void Gnuplot::figure(const std::string& name, int width, int height,
                     std::string_view commands) {
  names_.push_back(name);
  script_ += fmt::format(
      "reset\n{style}\n"
      "set terminal svg size {width},{height} dynamic noenhanced rounded font "
      "'sans-serif,13' background rgb '#ffffff'\n"
      "set output {svg}\n{commands}\n"
      "set terminal @PNG noenhanced size {width2},{height2} fontscale 2 "
      "linewidth 2 pointscale 2 background rgb '#ffffff' font "
      "'sans-serif,10'\n"
      "set output {png}\nreplot\nunset output\n",
      fmt::arg("style", kPlotStyle), fmt::arg("width", width),
      fmt::arg("height", height), fmt::arg("width2", 2 * width),
      fmt::arg("height2", 2 * height),
      fmt::arg("svg", gnuplot_string(name + ".svg")),
      fmt::arg("png", gnuplot_string(name + ".png")),
      fmt::arg("commands", commands));
}

void Gnuplot::run(const fs::path& folder) {
  write_file(folder_ / "figures.gp",
             "set encoding utf8\n"
             "PNG = strstrt(GPVAL_TERMINALS, 'pngcairo') ? 'pngcairo' : 'png "
             "truecolor'\n" +
                 script_);
  const int status = run_in(folder_, program_);
  bool complete = status == 0;
  for (const std::string& name : names_)
    for (const char* ending : {".svg", ".png"})
      complete = complete && fs::exists(folder_ / (name + ending));
  if (!complete) {
    const fs::path messages = folder_ / "messages.txt";
    fail<DataError>(
        "[report] expected gnuplot to draw {} figures; got exit status {}: {} "
        "({}). Check that `gnuplot --version` is 5.2 or later.",
        names_.size(), status,
        fs::exists(messages) ? one_line(read_file(messages)) : "no message",
        program_.string());
  }
  for (const std::string& name : names_)
    for (const char* ending : {".svg", ".png"})
      write_file(folder / (name + ending),
                 read_file(folder_ / (name + ending)));
}

}  // namespace fer
