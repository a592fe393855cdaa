// SPDX-License-Identifier: MIT
// A test that passes while a process it started did what no process may.
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <thread>

namespace {

#if __has_feature(thread_sanitizer)
int shared = 0;

void misbehave() {
  std::thread other([] { ++shared; });
  ++shared;
  other.join();
}
#else
void misbehave() {
  auto value = std::make_unique<int>(1);
  const volatile int* const freed = value.get();
  value.reset();
  (void)*freed;
}
#endif

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) {
    misbehave();
    return 0;
  }
  if (::fork() == 0) {
    ::execl("/proc/self/exe", arguments[0], "child", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::wait(nullptr);
}
