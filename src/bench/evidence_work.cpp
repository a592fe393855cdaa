// SPDX-License-Identifier: MIT
// Goal 8: messages while records are time-stamped and archived, against messages otherwise.
#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "bench/stage.hpp"

namespace causeway::bench {
namespace {

constexpr const char* kObject = "1024";
// Far more often than in life, where rounds are a minute apart and archives hours.
constexpr std::chrono::milliseconds kPause{500}, kLook{20};

// Time-stamping and archiving on both servers, again and again while it lives.
class EvidenceWork {
 public:
  EvidenceWork(const RunningEcosystem& ecosystem, const std::filesystem::path& log)
      : servers_{&ecosystem.consumer(), &ecosystem.provider()}, log_(log), thread_([this] { run(); }) {}
  ~EvidenceWork() {
    stopping_ = true;
    thread_.join();
  }
  EvidenceWork(const EvidenceWork&) = delete;
  EvidenceWork& operator=(const EvidenceWork&) = delete;

 private:
  void run() {
    while (!stopping_) {
      for (const RunningServer* server : servers_) ::kill(server->pids.at("admin"), SIGUSR1);
      std::this_thread::sleep_for(kPause);
      // Its children belong to this thread.
      ecosystem::Children archiving;
      for (const RunningServer* server : servers_)
        (void)archiving.start("archive", {"ctl", "messagelog", "archive", "--dir", server->directory.string()}, log_);
      while (!archiving.running().empty() && !stopping_) {
        (void)archiving.reap();
        std::this_thread::sleep_for(kLook);
      }
    }
  }

  const std::vector<const RunningServer*> servers_;
  const std::filesystem::path log_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

Result<void> measure_evidence_work(Stage& stage) {
  auto ecosystem = stage.start_ecosystem("rsa2048");
  if (!ecosystem) return ecosystem.error();
  const RunningEcosystem& running = **ecosystem;
  const std::size_t connections = stage.most_connections();
  const std::vector<Target> targets{
      {.name = "otherwise", .request = signed_object(running, kObject), .processes = running.pair()},
      {.name = "while time-stamping and archiving",
       .request = signed_object(running, kObject),
       .processes = running.pair()}};
  Load shape = stage.plan(connections).shape;
  // The first round warms up.
  for (int i = 0; i < 2; ++i) {
    const auto full = run_round(targets[0], stage.plan(connections).shape);
    if (!full) return full.error();
    shape.rate = full->load.rate() / 2;
  }
  stage.progress(fmt::format("time-stamping and archiving under {:.0f} messages/s", shape.rate));
  std::vector<std::vector<Round>> rounds(2);
  for (std::size_t i = 0; i < stage.options().rounds; ++i) {
    auto quiet = run_round(targets[0], shape);
    if (!quiet) return quiet.error();
    rounds[0].push_back(*std::move(quiet));
    const EvidenceWork work(running, stage.options().directory / "archive.log");
    auto busy = run_round(targets[1], shape);
    if (!busy) return busy.error();
    rounds[1].push_back(*std::move(busy));
    if (auto alive = (*ecosystem)->check_alive(); !alive) return alive;
  }
  Table table = throughput_table(fmt::format("1 KB REST GET at {:.0f} requests/s, open loop", shape.rate));
  stage.add_rows(table, connections, targets, rounds);
  stage.report().tables.push_back(std::move(table));
  stage.report().goals.push_back({.number = "8",
                                  .measure = "p99.9 while time-stamping and archiving, over p99.9 otherwise",
                                  .unit = "",
                                  .must = 1.5,
                                  .goal = 1.05,
                                  .better = Better::less,
                                  .rounds = figures(rounds[1], rounds[0], [](const Round& busy, const Round& quiet) {
                                    return busy.load.latency.percentile_ms(99.9) /
                                           quiet.load.latency.percentile_ms(99.9);
                                  })});
  return {};
}

}  // namespace causeway::bench
