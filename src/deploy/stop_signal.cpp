#include "deploy/stop_signal.h"

#include <semaphore.h>

#include <cerrno>
#include <csignal>

namespace fer {
namespace {

// sem_post is one of the few things that a signal handler may do.
sem_t came;

void handle(int signal) {
  sem_post(&came);
  std::signal(signal, SIG_DFL);
}

}  // namespace

StopSignal::StopSignal() {
  sem_init(&came, 0, 0);
  std::signal(SIGINT, &handle);
  std::signal(SIGTERM, &handle);
}

StopSignal::~StopSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  sem_destroy(&came);
}

void StopSignal::wait() {
  while (sem_wait(&came) != 0 && errno == EINTR) {
  }
}

}  // namespace fer
