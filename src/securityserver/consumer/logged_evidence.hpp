// SPDX-License-Identifier: MIT
// What the message log has of a message, as containers made when they are asked for, and
// encrypted where archives are. Everything here waits for files: it is for the threads of a
// work queue.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/spool.hpp"
#include "evidence/byte_sink.hpp"
#include "securityserver/archiving/archiving_settings.hpp"
#include "securityserver/consumer/evidence_request.hpp"
#include "securityserver/messagelog/message_log.hpp"

namespace causeway::securityserver {

struct EvidenceFile {
  std::string content_type, name;
  Spool content;
};

// For many threads.
class LoggedEvidence {
 public:
  // More are not given out in one file, so that an id used again and again costs no more.
  static constexpr std::size_t kMaxContainers = 1000;

  // `directory` is that of the log, which lives longer; `spool` is for files on their way.
  // A fault of `archiving` is that of every write(): nothing is given out in the clear
  // because its keys cannot be read.
  LoggedEvidence(MessageLog& log, std::string directory, std::filesystem::path spool,
                 Result<ArchivingSettings> archiving);

  // By their ids; of a unique request the first. not_found when there is none, bad_request
  // when there are too many.
  Result<std::vector<FoundRecord>> find(const EvidenceRequest& request) const;
  // The ids of those without a time-stamp.
  Result<std::vector<std::uint64_t>> unstamped(const std::vector<FoundRecord>& records) const;
  // The signature document as it was logged.
  Result<SharedText> signature_of(std::uint64_t record) const;
  // The containers in a ZIP file, or the one of a unique request. All records have their
  // time-stamps. io_error, faults of MessageLog::read, write_container and TimestampFinder.
  Result<EvidenceFile> write(const EvidenceRequest& request, const std::vector<FoundRecord>& records) const;
  // What is being written is given up.
  void stop() { stopping_ = true; }

 private:
  Result<void> write_to(const EvidenceRequest& request, const std::vector<FoundRecord>& records,
                        const evidence::ByteSink& sink) const;
  Result<void> write_encrypted(const EvidenceRequest& request, const std::vector<FoundRecord>& records,
                               Spool& content) const;

  MessageLog& log_;
  const std::string directory_;
  const std::filesystem::path spool_;
  const Result<ArchivingSettings> archiving_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace causeway::securityserver
