// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/evidence.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <array>
#include <thread>

#include "ecosystem/server_processes.hpp"
#include "ecosystem/trust_services.hpp"
#include "evidence/signature_timestamp.hpp"
#include "pki/timestamp.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/timestamping/timestamp_finder.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

// The index follows the log by a moment.
constexpr auto kIndexDelay = 5s;
// Two rounds and more, should the wish for one at once be missed.
constexpr auto kTimestampDelay = 150s;

struct Found {
  bool request = false, response = false;
};

Result<Found> look_for(const std::string& directory, const std::string& id) {
  securityserver::LogQuery query;
  query.query_id = id;
  const auto records = securityserver::find_records({directory}, query);
  if (!records) return records.error();
  Found found;
  for (const securityserver::FoundRecord& record : *records) (record.response ? found.response : found.request) = true;
  return found;
}

Result<void> expect_records(const std::string& directory, const std::string& id) {
  const auto until = std::chrono::steady_clock::now() + kIndexDelay;
  for (;;) {
    const auto found = look_for(directory, id);
    if (!found) return found.error();
    if (found->request && found->response) return {};
    if (std::chrono::steady_clock::now() > until) {
      return unexpected(
          fmt::format("{} of {} is not in {}", found->request ? "the response" : "the request", id, directory));
    }
    std::this_thread::sleep_for(50ms);
  }
}

struct ServerOfCall {
  const PlannedInstance& instance;
  const PlannedServer& server;
};

std::array<ServerOfCall, 2> servers_of(const AnsweredCall& call) {
  return {{{*call.consumer, call.consumer->consumer}, {*call.provider, call.provider->provider}}};
}

Result<void> expect_proof(const securityserver::TimestampEvidence& timestamp, const std::string& signature,
                          const pki::Certificate& authority) {
  const auto facts = pki::verify_timestamp(timestamp.token, std::vector{authority});
  if (!facts) return facts.error();
  if (timestamp.is_batch()) {
    auto chain = evidence::verify_timestamp_chain(timestamp.hash_chain_result, timestamp.hash_chain, signature);
    if (!chain) return chain;
    return evidence::check_imprint(*facts, as_bytes(timestamp.hash_chain_result));
  }
  const auto octets = evidence::stamped_octets(signature);
  if (!octets) return octets.error();
  return evidence::check_imprint(*facts, *octets);
}

// Waits for time-stamps of all records of one call in one log; how many that are.
Result<std::size_t> expect_timestamps(const std::string& log, const std::string& id, const pki::Certificate& authority,
                                      std::chrono::steady_clock::time_point until) {
  securityserver::LogQuery query;
  query.query_id = id;
  const auto records = securityserver::find_records({log}, query);
  if (!records) return records.error();
  for (const securityserver::FoundRecord& found : *records) {
    const auto record = securityserver::read_record({log}, found.id);
    if (!record) return record.error();
    const std::string& signature = record->signature.signature;
    for (;;) {
      if (securityserver::TimestampStore::exists(log)) {
        auto finder = securityserver::TimestampFinder::open(log);
        if (!finder) return finder.error();
        const auto timestamp = finder->find(found.id, signature);
        if (!timestamp) return timestamp.error();
        if (*timestamp) {
          if (auto proof = expect_proof(**timestamp, signature, authority); !proof) return proof.error();
          break;
        }
      }
      if (std::chrono::steady_clock::now() > until)
        return unexpected(fmt::format("record {} in {} has no time-stamp", found.id, log));
      std::this_thread::sleep_for(50ms);
    }
  }
  return records->size();
}

}  // namespace

StepOutcome logged_on_both_sides(Kit& kit) {
  if (kit.answered().empty()) return unexpected("no call was answered");
  for (const AnsweredCall& call : kit.answered()) {
    for (const auto& [instance, server] : servers_of(call)) {
      const auto directory = kit.layout().server(instance, server) / "messagelog";
      if (auto found = expect_records(directory, call.id); !found) return found.error();
    }
  }
  return fmt::format("{} calls, each with request and response in two logs", kit.answered().size());
}

StepOutcome time_stamped_on_both_sides(Kit& kit) {
  for (const PlannedInstance& instance : kit.plan().instances) {
    for (const PlannedServer* server : instance.servers()) {
      const auto processes = server_processes(kit.layout().server(instance, *server));
      if (const auto admin = processes.find("admin"); admin != processes.end()) ::kill(admin->second, SIGHUP);
    }
  }
  const auto until = std::chrono::steady_clock::now() + kTimestampDelay;
  std::size_t records = 0;
  for (const AnsweredCall& call : kit.answered()) {
    for (const auto& [instance, server] : servers_of(call)) {
      const auto trust = read_trust_certificates(kit.layout(), instance);
      if (!trust) return trust.error();
      const auto log = kit.layout().server(instance, server) / "messagelog";
      const auto stamped = expect_timestamps(log, call.id, trust->tsa, until);
      if (!stamped) return stamped.error();
      records += *stamped;
    }
  }
  return fmt::format("{} records, each proved by the token of its country's authority", records);
}

}  // namespace causeway::ecosystem
