// SPDX-License-Identifier: MIT
#include "cli/ctl_timestamping.hpp"

#include <fmt/format.h>

#include <memory>

#include "cli/server_status.hpp"
#include "securityserver/timestamping/timestamping_status.hpp"

namespace causeway::cli {
namespace {

using securityserver::TimestampingServiceState;
using securityserver::TimestampingStatus;

std::int64_t seconds_until(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time - now()).count();
}

std::string outcome_text(const TimestampingStatus& status) {
  if (status.failing_since)
    return fmt::format("fails since {}: {}", to_iso_seconds(*status.failing_since),
                       status.fault ? status.fault->text : "not tried again yet");
  if (status.last_success) return "succeeds, last at " + to_iso_seconds(*status.last_success);
  return "has not begun";
}

std::string messages_text(const TimestampingStatus& status) {
  const auto refused_from = status.refused_from();
  if (!refused_from) return "logged";
  const auto left = seconds_until(*refused_from);
  if (left <= 0) return "refused since " + to_iso_seconds(*refused_from);
  return fmt::format("logged; refused from {} on, in {} seconds", to_iso_seconds(*refused_from), left);
}

std::string service_text(const TimestampingServiceState& service) {
  std::string text = service.url + ": ";
  if (service.fault) {
    text += fmt::format("failed at {}: {}", to_iso_seconds(*service.last_failure), service.fault->text);
    if (service.last_success) text += "; last success at " + to_iso_seconds(*service.last_success);
    return text;
  }
  return text + (service.last_success ? "succeeded at " + to_iso_seconds(*service.last_success) : "not asked yet");
}

void print(const TimestampingStatus& status) {
  fmt::print("time-stamping  {}\n", outcome_text(status));
  fmt::print("waiting        {} records\n", status.waiting);
  fmt::print("messages       {}\n", messages_text(status));
  if (status.next_round) fmt::print("next round     at {}\n", to_iso_seconds(*status.next_round));
  for (const auto& service : status.services) fmt::print("service        {}\n", service_text(service));
  if (status.services.empty()) fmt::print("service        none: name one in timestamping_urls of server.yaml\n");
}

int show_status(const ServerStatusOptions& options) {
  return show<TimestampingStatus>(
      options, {.file = securityserver::kTimestampingStatusFile,
                .read = securityserver::read_timestamping_status,
                .print = print,
                .failed = [](const TimestampingStatus& status) { return status.failing_since.has_value(); }});
}

}  // namespace

Command timestamping_command() {
  const auto options = std::make_shared<ServerStatusOptions>();
  Command status("status", "whether records are time-stamped, and until when messages are logged; fails when not");
  status.option("--dir", options->dir, "the server's directory")
      .flag("--json", options->as_json, "print JSON")
      .example("causeway ctl timestamping status --dir /var/lib/causeway")
      .action([options] { return show_status(*options); });
  Command timestamping("timestamping", "look after the time-stamping of the message log");
  timestamping.subcommand(std::move(status));
  return timestamping;
}

}  // namespace causeway::cli
