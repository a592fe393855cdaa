// SPDX-License-Identifier: MIT
#include "ecosystem/signals.hpp"

#include <pthread.h>

namespace causeway::ecosystem {

Signals::Signals() {
  ::sigemptyset(&taken_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaddset(&taken_, signal);
  ::pthread_sigmask(SIG_BLOCK, &taken_, &before_);
}

Signals::~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool Signals::wait(std::chrono::milliseconds limit) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  const std::chrono::nanoseconds rest = limit - seconds;
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
  const int signal = ::sigtimedwait(&taken_, nullptr, &time);
  if (signal > 0 && signal != SIGCHLD) stop_asked_ = true;
  return stop_asked_;
}

}  // namespace causeway::ecosystem
