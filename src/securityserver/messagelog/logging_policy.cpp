// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/logging_policy.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

Result<std::unordered_set<ClientId>> subsystems(const Parameters& parameters, std::string_view name) {
  std::unordered_set<ClientId> found;
  const std::string list = parameters.text(name, "");
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    const auto first = item.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    item = item.substr(first, item.find_last_not_of(' ') - first + 1);
    auto id = ClientId::parse(item);
    if (!id || !id->is_subsystem())
      return fault(FaultCode::malformed_server_conf,
                   std::string(name) + ": '" + std::string(item) + "' is not instance/class/code/subsystem");
    found.insert(*std::move(id));
  }
  return found;
}

}  // namespace

Result<LoggingPolicy> LoggingPolicy::from(const Parameters& parameters) {
  LoggingPolicy policy;
  policy.usual_.body =
      parameters.flag("message-log.soap-body-logging", parameters.flag("message-log.message-body-logging", true));
  constexpr std::int64_t kGibibyte = 1 << 30;
  policy.usual_.max_size = static_cast<std::uint64_t>(std::clamp<std::int64_t>(
      parameters.number("message-log.max-loggable-message-body-size", 10 << 20), 0, kGibibyte));
  policy.usual_.truncate = parameters.flag("message-log.truncated-body-allowed", false);

  const std::string sense = policy.usual_.body ? "disabled" : "enabled";
  const std::string wrong = policy.usual_.body ? "enabled" : "disabled";
  for (const std::string side : {"local", "remote"}) {
    const std::string tail = "-body-logging-" + side + "-producer-subsystems";
    if (!parameters.text("message-log." + wrong + tail, "").empty())
      return fault(FaultCode::malformed_server_conf,
                   "message-log." + wrong + tail + " contradicts message-log.message-body-logging");
    auto found = subsystems(parameters, "message-log." + sense + tail);
    if (!found) return found.error();
    (side == "local" ? policy.local_exceptions_ : policy.remote_exceptions_) = *std::move(found);
  }
  return policy;
}

BodyLogging LoggingPolicy::decide(const ClientId& provider, ExchangeSide side) const {
  const auto& exceptions = side == ExchangeSide::provider ? local_exceptions_ : remote_exceptions_;
  BodyLogging decided = usual_;
  if (!exceptions.empty() && exceptions.contains(provider)) decided.body = !decided.body;
  return decided;
}

Result<std::uint64_t> loggable_size(const BodyLogging& logging, std::uint64_t size) {
  if (!logging.body || logging.max_size == 0) return std::uint64_t{0};
  if (size <= logging.max_size) return size;
  if (logging.truncate) return logging.max_size;
  return fault(FaultCode::logging_failed, "message body is larger than message-log.max-loggable-message-body-size (" +
                                              std::to_string(logging.max_size) + " bytes)");
}

Result<void> BodyRecorder::add(ByteView bytes) {
  size_ += bytes.size();
  auto wanted = loggable_size(logging_, size_);
  if (!wanted) return wanted.error();
  if (*wanted <= kept_.size()) return {};
  return kept_.append(bytes.first(std::min<std::size_t>(bytes.size(), *wanted - kept_.size())));
}

std::shared_ptr<const Spool> BodyRecorder::take() {
  if (kept_.size() == 0) return nullptr;
  return std::make_shared<const Spool>(std::move(kept_));
}

}  // namespace causeway::securityserver
