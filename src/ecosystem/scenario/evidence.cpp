// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/evidence.hpp"

#include <fmt/format.h>

#include <thread>

#include "securityserver/messagelog/message_log.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

// The index follows the log by a moment.
constexpr auto kIndexDelay = 5s;

struct Found {
  bool request = false, response = false;
};

Result<Found> look_for(const std::string& directory, const std::string& id) {
  securityserver::LogQuery query;
  query.query_id = id;
  const auto records = securityserver::find_records(directory, query);
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

}  // namespace

StepOutcome logged_on_both_sides(Kit& kit) {
  if (kit.answered().empty()) return unexpected("no call was answered");
  for (const AnsweredCall& call : kit.answered()) {
    for (const auto& directory : {kit.layout().server(*call.consumer, call.consumer->consumer),
                                  kit.layout().server(*call.provider, call.provider->provider)}) {
      if (auto found = expect_records(directory / "messagelog", call.id); !found) return found.error();
    }
  }
  return fmt::format("{} calls, each with request and response in two logs", kit.answered().size());
}

}  // namespace causeway::ecosystem
