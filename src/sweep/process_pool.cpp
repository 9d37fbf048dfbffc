#include "sweep/process_pool.h"

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <optional>

#include "core/stopwatch.h"
#include "sweep/spawn.h"

namespace fer {
namespace {

// How a child ended, or nothing while it runs. Its group is emptied before the
// child is taken away: until then nobody else can get the number of the group.
std::optional<int> ended(pid_t pid) {
  siginfo_t info{};
  const auto id = static_cast<id_t>(pid);
  if (::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid != pid)
    return std::nullopt;
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// False when a signal cut it short.
bool sleep_a_little() {
  const timespec time{0, 5'000'000};
  return ::nanosleep(&time, nullptr) == 0;
}

}  // namespace

std::string describe_end(const ChildEnd& end) {
  if (end.exit_code >= 0) return fmt::format("exit code {}", end.exit_code);
  return fmt::format("signal {} ({})", end.signal, ::strsignal(end.signal));
}

ProcessPool::ProcessPool(std::vector<Slot> slots) : slots_(std::move(slots)) {
  assert(!slots_.empty());
}

ProcessPool::~ProcessPool() {
  for (const Running& child : running_) {
    ::kill(-child.pid, SIGKILL);
    while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

size_t ProcessPool::free_index() const {
  for (size_t i = 0; i < slots_.size(); ++i) {
    const bool taken = std::ranges::any_of(
        running_, [&](const Running& child) { return child.slot == i; });
    if (!taken) return i;
  }
  assert(!"no free slot");
  return 0;
}

void ProcessPool::start(const Child& child) {
  const size_t slot = free_index();
  const pid_t pid = spawn(child.arguments, child.log, slots_[slot]);
  running_.push_back({child.name, slot, pid, Stopwatch::now()});
}

std::vector<ChildEnd> ProcessPool::collect() {
  std::vector<ChildEnd> ends;
  std::erase_if(running_, [&](const Running& child) {
    const std::optional<int> status = ended(child.pid);
    if (!status) return false;
    ChildEnd end{child.name, -1, 0, seconds_since(child.start)};
    if (WIFEXITED(*status)) end.exit_code = WEXITSTATUS(*status);
    if (WIFSIGNALED(*status)) end.signal = WTERMSIG(*status);
    ends.push_back(std::move(end));
    return true;
  });
  return ends;
}

std::vector<ChildEnd> ProcessPool::wait(double seconds) {
  const auto start = Stopwatch::now();
  for (;;) {
    std::vector<ChildEnd> ends = collect();
    if (!ends.empty() || seconds_since(start) >= seconds || !sleep_a_little())
      return ends;
  }
}

void ProcessPool::stop(const std::string& name) {
  for (Running& child : running_) {
    if (child.name != name || child.stopped) continue;
    child.stopped = true;
    ::kill(-child.pid, SIGTERM);
  }
}

void ProcessPool::stop_all() {
  for (Running& child : running_) stop(child.name);
}

}  // namespace fer
