// SPDX-License-Identifier: MIT
// Archiving and cleaning as the administration does them: when they are due, on a thread
// of their own, because both wait for disks.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "base/parameters.hpp"
#include "base/round_thread.hpp"
#include "securityserver/archiving/archiver.hpp"
#include "securityserver/archiving/archiving_status.hpp"

namespace causeway::securityserver {

class ArchivingRounds {
 public:
  // Begins; the working directory is the server's, run/ is there. malformed_server_conf.
  static Result<std::unique_ptr<ArchivingRounds>> start(const Parameters& parameters);
  // Soon: gives up the archive that is being written, which is begun anew the next time.
  ~ArchivingRounds() = default;
  ArchivingRounds(const ArchivingRounds&) = delete;
  ArchivingRounds& operator=(const ArchivingRounds&) = delete;

 private:
  ArchivingRounds(ArchivingSettings settings, LogPlace log, std::shared_ptr<const MessageCipher> cipher);
  std::chrono::milliseconds look();
  bool keep_going();  // gives a sign of life from time to time
  void archive();
  void clean();
  void begin(ArchivingStatus::Task& task);
  void end(ArchivingStatus::Task& task, const CronExpression& interval, const Result<void>& outcome,
           std::string_view what);
  void report();

  const ArchivingSettings settings_;
  const LogPlace log_;
  Archiver archiver_;
  ArchivingStatus status_;  // of the thread
  RoundThread thread_;      // last: it uses all the others
};

}  // namespace causeway::securityserver
