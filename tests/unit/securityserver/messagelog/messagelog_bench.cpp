// SPDX-License-Identifier: MIT
// Records per second of the message log, by the number that append at once:
// messagelog_bench DIRECTORY [MESSAGE_OCTETS [SECONDS]]
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "unit/securityserver/messagelog/log_fixture.hpp"

using namespace causeway;
using namespace causeway::securityserver;
using Clock = std::chrono::steady_clock;

namespace {

void measure(const std::string& directory, int appenders, std::size_t octets, double seconds) {
  std::filesystem::remove_all(directory);
  net::IoThreads threads(2);
  auto log = *MessageLog::open(threads, {directory});
  std::atomic<int> running{appenders};
  std::atomic<long> records{0};
  std::atomic<bool> stop{false};
  const auto begin = Clock::now();
  for (int i = 0; i < appenders; ++i)
    net::spawn(threads.at(static_cast<std::size_t>(i) % 2), "append", [&, i]() -> net::Task<void> {
      LogRecord record = sample_record("bench-" + std::to_string(i), std::string(octets, 'm'));
      record.signature.signature = std::string(6000, 's');
      record.signature.hash_chain = std::string(900, 'c');
      for (int n = 0; !stop; ++n) {
        LogRecord next = record;
        next.signature.signature += std::to_string(n / 8);  // a batch has about as many
        if (!co_await log->append(std::move(next))) std::abort();
        ++records;
      }
      --running;
    });
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  while (running > 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  const auto flush = Clock::now();
  if (!log->flush_index()) std::abort();
  fmt::print("{:3} appenders: {:8.0f} records/s, {:7.0f} us each; index caught up {:.0f} ms later\n", appenders,
             static_cast<double>(records) / took, took * appenders / static_cast<double>(records) * 1e6,
             std::chrono::duration<double, std::milli>(Clock::now() - flush).count());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "usage: messagelog_bench DIRECTORY [MESSAGE_OCTETS [SECONDS]]\n");
    return 2;
  }
  const std::size_t octets = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 1000;
  const double seconds = count > 3 ? std::strtod(arguments[3], nullptr) : 3;
  const std::string directory = std::string(arguments[1]) + "/messagelog-bench";
  for (const int appenders : {1, 2, 4, 8, 16, 32, 64}) measure(directory, appenders, octets, seconds);
  std::filesystem::remove_all(directory);
  return 0;
}
