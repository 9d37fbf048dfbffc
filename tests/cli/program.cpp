#include "program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "core/error.h"
#include "core/file.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr double kLongest = 60;  // seconds

void redirect(const std::string& path, int target) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || ::dup2(fd, target) < 0) _exit(127);
  ::close(fd);
}

// In the child, between fork and exec.
[[noreturn]] void become(std::vector<char*>& words, const std::string& out,
                         const std::string& err,
                         const ProgramOptions& options) {
  redirect(out, STDOUT_FILENO);
  redirect(err, STDERR_FILENO);
  redirect("/dev/null", STDIN_FILENO);
  if (options.largest_file) {
    // With the signal ignored, write() fails like on a full disk.
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{*options.largest_file, *options.largest_file};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(127);
  }
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0)
    _exit(127);
  if (options.search_path) ::setenv("PATH", options.search_path->c_str(), 1);
  ::execv(words.front(), words.data());
  _exit(127);
}

}  // namespace

std::string Result::last_error_line() const {
  const size_t end = err.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const size_t begin = err.rfind('\n', end);
  return err.substr(begin == std::string::npos ? 0 : begin + 1,
                    end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

Json Result::json() const {
  Json value = Json::parse(out, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(value.is_discarded()) << "not JSON alone on stdout: " << out;
  return value;
}

Program::Program(const std::vector<std::string>& arguments,
                 const ProgramOptions& options) {
  std::vector<std::string> texts = {FERBENCH_PROGRAM};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& text : texts) words.push_back(text.data());
  words.push_back(nullptr);
  const std::string out = outputs_.path() / "out",
                    err = outputs_.path() / "err";
  pid_ = ::fork();
  if (pid_ == 0) become(words, out, err, options);
  if (pid_ < 0) fail<Error>("[test] expected to start the program.");
}

Program::~Program() {
  if (!running()) return;
  send(SIGKILL);
  int status;
  ::waitpid(pid_, &status, 0);
}

void Program::send(int signal) const {
  if (!status_) ::kill(pid_, signal);
}

bool Program::running() {
  int status;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return !status_.has_value();
}

std::string Program::output(const char* name) const {
  const fs::path path = outputs_.path() / name;
  return fs::exists(path) ? read_file(path) : "";
}

Result Program::wait() {
  const auto start = std::chrono::steady_clock::now();
  while (running()) {
    sleep_seconds(0.002);
    const std::chrono::duration<double> passed =
        std::chrono::steady_clock::now() - start;
    if (passed.count() > kLongest) {
      ADD_FAILURE() << "the program runs for more than a minute";
      send(SIGKILL);
    }
  }
  Result result;
  if (WIFEXITED(*status_)) result.exit_code = WEXITSTATUS(*status_);
  if (WIFSIGNALED(*status_)) result.signal = WTERMSIG(*status_);
  result.out = output("out");
  result.err = output("err");
  return result;
}

Result run(const std::vector<std::string>& arguments,
           const ProgramOptions& options) {
  return Program(arguments, options).wait();
}

std::vector<std::string> listing(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    lines.push_back(
        fmt::format("{} {} {}", entry.path().string(),
                    entry.is_regular_file() ? entry.file_size() : 0,
                    entry.last_write_time().time_since_epoch().count()));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

void sleep_seconds(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

}  // namespace fer
