// SPDX-License-Identifier: MIT
#include "bench/togetherness.hpp"

#include <thread>

namespace causeway::bench {
namespace {

// A proxy tells its counts a few times a second.
constexpr std::chrono::milliseconds kSettled{600};

double per(std::uint64_t things, std::uint64_t groups) {
  return groups == 0 ? 0 : static_cast<double>(things) / static_cast<double>(groups);
}

}  // namespace

Result<Togetherness> Togetherness::start(const RunningEcosystem& ecosystem) {
  std::this_thread::sleep_for(kSettled);
  Togetherness made;
  for (const auto& [role, server] :
       {std::pair("consumer's", &ecosystem.consumer()), std::pair("provider's", &ecosystem.provider())}) {
    const std::string file = (server->directory / securityserver::kProxyStatusFile).string();
    const auto status = securityserver::load_proxy_status(file);
    if (!status) return status.error();
    made.servers_.push_back({role, file, *status});
  }
  return made;
}

Table Togetherness::table() {
  return {.title = "What went together in the load of Causeway",
          .columns = {"connections", "server", "messages/signature", "records/flush", "flushes/s"},
          .rows = {}};
}

Result<Togetherness::Mean> Togetherness::add_rows(Table& table, double connections, double seconds) const {
  std::this_thread::sleep_for(kSettled);
  securityserver::SigningCounts signing;
  securityserver::LogCounts log;
  for (const Server& server : servers_) {
    const auto after = securityserver::load_proxy_status(server.status_file);
    if (!after) return after.error();
    const auto messages = after->signing.messages - server.before.signing.messages;
    const auto signatures = after->signing.signatures - server.before.signing.signatures;
    const auto records = after->log.records - server.before.log.records;
    const auto flushes = after->log.flushes - server.before.log.flushes;
    table.rows.push_back({connections, server.role, per(messages, signatures), per(records, flushes),
                          seconds > 0 ? static_cast<double>(flushes) / seconds : 0});
    signing = {.messages = signing.messages + messages, .signatures = signing.signatures + signatures};
    log = {.records = log.records + records, .flushes = log.flushes + flushes};
  }
  return Mean{per(signing.messages, signing.signatures), per(log.records, log.flushes)};
}

}  // namespace causeway::bench
