// SPDX-License-Identifier: MIT
// Time-stamping as the administration does it: round after round, on a thread of its own,
// because a round waits for disks and for services that may be slow.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "globalconf/view_holder.hpp"
#include "net/io_threads.hpp"
#include "net/task_group.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/timestamping/timestamper.hpp"
#include "securityserver/timestamping/timestamping_schedule.hpp"
#include "securityserver/timestamping/timestamping_status.hpp"

namespace causeway::securityserver {

class TimestampingRounds {
 public:
  struct Files {
    std::string log_directory = "messagelog";
    std::string configuration = "server.yaml";  // names the services
    std::filesystem::path status{kTimestampingStatusFile};
  };
  // Begins. `view` must live longer; somebody else keeps it current. What failed when the
  // process last ended goes on failing: a restart does not make the time that an
  // administrator accepts longer.
  TimestampingRounds(const TimestampingSettings& settings, const globalconf::ViewHolder& view, Files files);
  // The end gives up what is under way; the log stays as it was.
  TimestampingRounds(const TimestampingRounds&) = delete;
  TimestampingRounds& operator=(const TimestampingRounds&) = delete;

  // A round soon, over all that waits. From any thread.
  void hasten() { hastened_ = true; }

 private:
  net::Task<void> run();
  net::Task<void> round();
  Result<std::vector<std::string>> services();
  void note(const Result<Timestamper::Round>& round);
  void report();

  const globalconf::ViewHolder& view_;
  const Files files_;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpClient> http_;
  TimestampClient client_;
  Timestamper timestamper_;
  TimestampingSchedule schedule_;
  std::unique_ptr<ConfigurationHolder> configuration_;
  std::vector<std::string> urls_;  // as the configuration last named them
  TimestampingStatus status_;
  std::atomic<bool> hastened_ = false;
  net::TaskGroup tasks_{threads_.at(0)};
};

}  // namespace causeway::securityserver
