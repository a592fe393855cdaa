// SPDX-License-Identifier: MIT
// What proves a message, for the information systems whose message it was: /asic gives out
// containers, /verificationconf the configuration that a verifier needs (evidence.md 5.1).
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/work_queue.hpp"
#include "globalconf/configuration_directory.hpp"
#include "net/http_server.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/consumer/client_authentication.hpp"
#include "securityserver/consumer/logged_evidence.hpp"
#include "securityserver/timestamping/record_stamper.hpp"

namespace causeway::securityserver {

class EvidenceDownload {
 public:
  // At a time; their files lie in the spool until they are sent. Further ones are refused.
  static constexpr int kMaxDownloads = 64;

  struct Places {
    std::string log, configuration, spool;  // directories
  };
  // What is referred to lives longer.
  EvidenceDownload(MessageLog& log, RecordStamper& stamper, const ConfigurationHolder& configuration,
                   ClientAuthentication authentication, const Places& places, Result<ArchivingSettings> archiving)
      : configuration_(configuration),
        authentication_(std::move(authentication)),
        stamper_(stamper),
        logged_(log, places.log, places.spool, std::move(archiving)),
        global_configuration_(places.configuration) {}

  static bool serves(std::string_view path) { return path == kAsic || path == kVerificationConfiguration; }
  // Refusals are plain text: 400 for parameters, 401 for whom the client does not accept,
  // 404 when nothing is logged, 503 when too many ask, 500 otherwise.
  net::Task<void> serve(net::ServerCall& call);
  // What is not being sent yet is given up, so that nobody waits for it.
  void stop() { logged_.stop(); }

 private:
  static constexpr std::string_view kAsic = "/asic";
  static constexpr std::string_view kVerificationConfiguration = "/verificationconf";

  net::Task<Result<EvidenceFile>> containers(const net::ServerCall& call);
  net::Task<Result<std::vector<FoundRecord>>> find_stamped(const EvidenceRequest& request);
  net::Task<Result<void>> stamp(std::uint64_t record);
  Result<void> authenticate(const ClientId& owner, const net::ServerCall& call) const;
  Result<EvidenceFile> verification_configuration() const;
  template <class Work>
  net::Task<std::invoke_result_t<Work>> on_disk(Work work);

  const ConfigurationHolder& configuration_;
  const ClientAuthentication authentication_;
  RecordStamper& stamper_;
  LoggedEvidence logged_;
  const globalconf::ConfigurationDirectory global_configuration_;
  std::atomic<int> running_ = 0;
  WorkQueue disk_{2};  // reads and writes files, for which no network thread may wait
};

}  // namespace causeway::securityserver
