// Runs the program as a person does: arguments in; exit code, stdout and stderr
// out.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/temporary_folder.h"

namespace fer {

struct ProgramOptions {
  std::filesystem::path folder;  ///< working directory; empty: this one
  /// Files cannot grow beyond this: what a full disk does to a writer.
  std::optional<size_t> largest_file;
  std::optional<std::string> search_path;  ///< PATH
};

struct Result {
  int exit_code = -1;  ///< -1: ended by `signal`
  int signal = 0;
  std::string out, err;

  /// The last line of stderr.
  std::string last_error_line() const;
  /// stdout as JSON; a test failure where it is none.
  Json json() const;
};

/// The program while it runs; killed with the object.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments,
                   const ProgramOptions& options = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;
  bool running();
  /// Waits for the end; a program that takes longer than a minute is killed.
  Result wait();

 private:
  std::string output(const char* name) const;

  TemporaryFolder outputs_;
  pid_t pid_;
  std::optional<int> status_;
};

Result run(const std::vector<std::string>& arguments,
           const ProgramOptions& options = {});

/// Waits until `condition` holds, looking every half millisecond, while the
/// program runs. False when the program ended first.
template <class Condition>
bool wait_until(Program& program, Condition condition);

/// Path, size and time of change of all that lies in a folder: equal listings
/// mean that nothing was written.
std::vector<std::string> listing(const std::filesystem::path& folder);

void sleep_seconds(double seconds);

template <class Condition>
bool wait_until(Program& program, Condition condition) {
  while (!condition()) {
    if (!program.running()) return condition();
    sleep_seconds(0.0005);
  }
  return true;
}

}  // namespace fer
