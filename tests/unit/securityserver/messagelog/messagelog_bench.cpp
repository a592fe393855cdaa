// SPDX-License-Identifier: MIT
// Records per second of the message log, by the number that append at once:
//   messagelog_bench DIRECTORY [MESSAGE_OCTETS [SECONDS]]
// A log of many small records, and what it costs to open, to index and to ask:
//   messagelog_bench large DIRECTORY [RECORDS]
// What it costs to fill the index of that log again, so many records at a time:
//   messagelog_bench fill DIRECTORY [RECORDS_AT_ONCE]
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

using namespace causeway;
using namespace causeway::securityserver;
using Clock = std::chrono::steady_clock;

namespace {

void measure(const std::string& directory, int appenders, std::size_t octets, double seconds) {
  std::filesystem::remove_all(directory);
  net::IoThreads threads(2);
  auto log = *MessageLog::open(threads, {{directory}});
  std::atomic<int> running{appenders};
  std::atomic<long> records{0};
  std::atomic<bool> stop{false};
  const auto begin = Clock::now();
  for (int i = 0; i < appenders; ++i)
    net::spawn(threads.at(static_cast<std::size_t>(i) % 2), "append", [&, i]() -> net::Task<void> {
      LogRecord record = sample_record("bench-" + std::to_string(i), std::string(octets, 'm'));
      record.signature.hash_chain = std::string(900, 'c');
      for (int n = 0; !stop; ++n) {
        LogRecord next = record;
        next.signature.signature = std::string(6000, 's') + std::to_string(n / 8);  // a batch has about as many
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

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

struct Processor {
  double user = 0, system = 0;  // microseconds
};

// Of this thread.
Processor processor() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  const auto microseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return {microseconds(usage.ru_utime), microseconds(usage.ru_stime)};
}

// In MB: "VmRSS" now, "VmHWM" at its highest.
double memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) return std::strtod(line.c_str() + name.size() + 1, nullptr) / 1024;
  return 0;
}

void say(const std::string& what, Clock::time_point begin) {
  fmt::print("{:52} {:10.2f} ms, {:5.1f} MB resident, at most {:5.1f}\n", what, milliseconds_since(begin),
             memory("VmRSS"), memory("VmHWM"));
  std::fflush(stdout);
}

// As two servers would make them: 50 clients in 20 members, 40 services, ids like UUIDs.
std::string query_id_of(std::uint64_t number) {
  const std::uint64_t mixed = number * 0x9e3779b97f4a7c15ULL;
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", mixed >> 32, mixed >> 16 & 0xffff, mixed & 0xfff,
                     number & 0xfff, number);
}

LogRecord small_record(std::uint64_t number) {
  LogRecord record = sample_record(query_id_of(number / 2), "GET /r1/DEV/GOV/1/registry");
  const auto client = number / 2 * 7919 % 50;
  record.owner = record.client =
      *ClientId::make("DEV", "COM", std::to_string(1000000 + client % 20), "app" + std::to_string(client));
  record.service =
      *ServiceId::make(record.service.client(), "service" + std::to_string(number / 2 * 104729 % 40), "v1");
  if (number / 2 % 100000 == 77) record.client = *ClientId::make("DEV", "COM", "rare", "app");
  record.time += std::chrono::milliseconds(number * 5);
  record.response = number % 2 != 0;
  record.signature = {"<batch " + std::to_string(number / 100) + "/>", "", ""};
  return record;
}

void write_large(const std::string& directory, std::uint64_t records) {
  LogWriter writer(*SegmentWriter::open(directory, 64UL << 20), [](const LogEnd&) {});
  constexpr std::uint64_t kAtOnce = 20000;
  for (std::uint64_t number = 0; number < records;) {
    std::atomic<std::uint64_t> waiting{std::min(kAtOnce, records - number)};
    for (const std::uint64_t end = number + waiting; number < end; ++number)
      writer.submit(small_record(number), [&](Result<std::uint64_t> id) {
        if (!id) std::abort();
        if (--waiting == 0) waiting.notify_one();
      });
    for (std::uint64_t left = waiting; left > 0; left = waiting) waiting.wait(left);
  }
}

// Where every `at_once`-th record ends, and the last one.
std::vector<Position> ends_of(const std::string& directory, std::uint64_t at_once) {
  std::vector<Position> ends;
  std::uint64_t records = 0;
  Position end;
  for (const std::uint64_t number : *list_segments(directory)) {
    auto segment = *SegmentReader::open(directory, number);
    segment.read_ahead();
    for (std::uint64_t offset = SegmentHeader::kSize;;) {
      const auto frame = *segment.next_frame(offset);
      if (!frame) break;
      offset = frame->end();
      if (frame->header.type != FrameType::record) continue;
      end = {number, offset};
      if (++records % at_once == 0) ends.push_back(end);
    }
  }
  ends.push_back(end);
  return ends;
}

int fill(const std::string& directory, std::uint64_t at_once) {
  const std::vector<Position> ends = ends_of(directory, at_once);
  auto table = *IndexTable::open_anew({directory});
  const Processor before = processor();
  for (const Position& end : ends)
    if (!table.advance(end, [] { return true; })) std::abort();
  const Processor after = processor();
  const auto records = static_cast<double>(*table.size());
  fmt::print("{:.0f} records, {} at once: {:.2f} us user, {:.2f} us system each, {:.0f} octets of the index\n", records,
             at_once, (after.user - before.user) / records, (after.system - before.system) / records,
             static_cast<double>(std::filesystem::file_size(directory + "/index.db")) / records);
  return 0;
}

void ask(const char* what, const std::string& directory, const LogQuery& query) {
  const auto begin = Clock::now();
  const auto found = find_records({directory}, query);
  if (!found) std::abort();
  say(fmt::format("{}: {} found", what, found->size()), begin);
}

int large(const std::string& directory, std::uint64_t records) {
  if (list_segments(directory)->empty()) {
    auto begin = Clock::now();
    write_large(directory, records);
    say(fmt::format("{} records written", records), begin);
    begin = Clock::now();
    if (auto indexed = rebuild_index({directory}); !indexed || *indexed != records) std::abort();
    say("indexed", begin);
  }
  std::uint64_t segments = 0;
  const auto numbers = list_segments(directory);
  for (const std::uint64_t number : *numbers) segments += std::filesystem::file_size(segment_path(directory, number));
  const auto index = std::filesystem::file_size(directory + "/index.db");
  fmt::print("octets of a record: {:.0f} in segments, {:.0f} in the index\n",
             static_cast<double>(segments) / static_cast<double>(records),
             static_cast<double>(index) / static_cast<double>(records));
  auto begin = Clock::now();
  {
    net::IoThreads threads(1);
    auto log = *MessageLog::open(threads, {{directory}});
    say("opened for writing", begin);
    begin = Clock::now();
    if (log->find({.query_id = query_id_of(records / 4)})->size() != 2) std::abort();
    say("by message id, the first time", begin);
    begin = Clock::now();
    std::vector<double> each;
    const Processor before = processor();
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const auto one = Clock::now();
      if (log->find({.query_id = query_id_of(i * 7919 % (records / 2))})->size() != 2) std::abort();
      each.push_back(milliseconds_since(one));
    }
    const Processor after = processor();
    std::ranges::sort(each);
    say(fmt::format("by message id, 1000 different ones, p99 {:.2f} ms", each[989]), begin);
    fmt::print("  of the processor: {:.2f} ms each\n", (after.user + after.system - before.user - before.system) / 1e6);
  }
  const TimePoint middle = small_record(records / 2).time;
  ask("by message id, another process", directory, {.query_id = query_id_of(records / 3)});
  ask("a page of an hour", directory, {.from = middle, .to = middle + std::chrono::hours(1)});
  ask("a page of a member", directory, {.owner = NameQuery("DEV/COM/1000007", true)});
  ask("a page of a member behind the middle", directory,
      {.owner = NameQuery("DEV/COM/1000007", true), .after = records / 2});
  ask("a client's use of a service, responses", directory,
      {.client = NameQuery("DEV/COM/1000007", true),
       .service = NameQuery("DEV/GOV/1/registry/service3", true),
       .response = true});
  ask("a rare client", directory, {.client = NameQuery("DEV/COM/rare", true)});
  ask("a client that is not there", directory, {.client = NameQuery("DEV/COM/absent", true)});
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count >= 3 && std::string(arguments[1]) == "large")
    return large(arguments[2], count > 3 ? std::strtoul(arguments[3], nullptr, 10) : 10000000);
  if (count >= 3 && std::string(arguments[1]) == "fill")
    return fill(arguments[2], count > 3 ? std::strtoul(arguments[3], nullptr, 10) : 750);
  if (count < 2) {
    fmt::print(stderr,
               "usage: messagelog_bench DIRECTORY [MESSAGE_OCTETS [SECONDS]]\n"
               "       messagelog_bench large DIRECTORY [RECORDS]\n"
               "       messagelog_bench fill DIRECTORY [RECORDS_AT_ONCE]\n");
    return 2;
  }
  const std::size_t octets = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 1000;
  const double seconds = count > 3 ? std::strtod(arguments[3], nullptr) : 3;
  const std::string directory = std::string(arguments[1]) + "/messagelog-bench";
  for (const int appenders : {1, 2, 4, 8, 16, 32, 64}) measure(directory, appenders, octets, seconds);
  std::filesystem::remove_all(directory);
  return 0;
}
