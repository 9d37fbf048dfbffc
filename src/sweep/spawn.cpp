#include "sweep/spawn.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// Closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// All that the child needs, made before the fork: after it only calls that are
// safe in a copy of a program with threads.
struct Prepared {
  std::vector<char*> arguments, environment;
  cpu_set_t cores;
  bool bound = false;
  int log = -1, nothing = -1, report = -1;
  pid_t parent = 0;
};

[[noreturn]] void give_up(const Prepared& prepared) {
  const int reason = errno;
  [[maybe_unused]] const ssize_t written =
      ::write(prepared.report, &reason, sizeof reason);
  ::_exit(127);
}

[[noreturn]] void become(const Prepared& prepared) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != prepared.parent) ::_exit(127);  // died before the prctl
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // A share that was taken away meanwhile is no reason not to run.
  if (prepared.bound)
    ::sched_setaffinity(0, sizeof prepared.cores, &prepared.cores);
  if (::dup2(prepared.nothing, STDIN_FILENO) < 0 ||
      ::dup2(prepared.log, STDOUT_FILENO) < 0 ||
      ::dup2(prepared.log, STDERR_FILENO) < 0)
    give_up(prepared);
  ::execve(prepared.arguments[0], prepared.arguments.data(),
           prepared.environment.data());
  give_up(prepared);
}

std::vector<std::string> environment_of(const Slot& slot) {
  const std::string gpu = "CUDA_VISIBLE_DEVICES=";
  std::vector<std::string> variables;
  for (char** variable = environ; *variable; ++variable) {
    if (slot.gpu.empty() || !std::string(*variable).starts_with(gpu))
      variables.emplace_back(*variable);
  }
  if (!slot.gpu.empty()) variables.push_back(gpu + slot.gpu);
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

int open_log(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const int fd =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd >= 0) return fd;
  fail<DataError>(
      "[pool] expected a log file that can be written; got '{}' ({}). Free "
      "some space or check the permissions.",
      std::strerror(errno), path.string());
}

// Waits until the child runs its program; gives the reason why it could not, or
// 0.
int wait_for_start(int report) {
  int reason = 0;
  ssize_t count;
  do {
    count = ::read(report, &reason, sizeof reason);
  } while (count < 0 && errno == EINTR);
  return count == sizeof reason ? reason : 0;
}

}  // namespace

pid_t spawn(const std::vector<std::string>& arguments, const fs::path& log,
            const Slot& slot) {
  std::vector<std::string> words = arguments;
  std::vector<std::string> variables = environment_of(slot);
  const Descriptor output(open_log(log));
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
  const Descriptor read_end(ends[0]);

  Prepared prepared{pointers(words), pointers(variables), {},      false,
                    output.get(),    nothing.get(),       ends[1], ::getpid()};
  CPU_ZERO(&prepared.cores);
  for (const int core : slot.cores) CPU_SET(core, &prepared.cores);
  prepared.bound = !slot.cores.empty();

  const pid_t pid = ends[0] < 0 ? -1 : ::fork();
  if (pid == 0) become(prepared);
  int reason = pid < 0 ? errno : 0;
  if (ends[1] >= 0) ::close(ends[1]);
  if (pid > 0) {
    reason = wait_for_start(read_end.get());
    if (reason == 0) return pid;
    ::waitpid(pid, nullptr, 0);
  }
  fail<DataError>(
      "[pool] expected a program that starts; got '{}' ({}). Check the path "
      "and "
      "the memory that is free.",
      std::strerror(reason), arguments.front());
}

}  // namespace fer
