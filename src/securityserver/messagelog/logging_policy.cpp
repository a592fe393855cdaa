// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/logging_policy.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<std::unordered_set<ClientId>> subsystems(const Parameters& parameters, std::string_view name) {
  std::unordered_set<ClientId> found;
  for (const std::string& item : split(parameters.text(name, ""), ',')) {
    if (item.empty()) continue;
    const auto codes = split(item, '/');
    const bool is_complete = codes.size() == 4 && !codes.back().empty();
    auto id = is_complete ? ClientId::make(codes[0], codes[1], codes[2], codes[3]) : Fault{};
    if (!id)
      return fault(FaultCode::malformed_server_conf,
                   std::string(name) + ": '" + item + "' is not instance/class/code/subsystem");
    found.insert(*std::move(id));
  }
  return found;
}

// As X-Road reads it: whatever is not "true" is false, so that a slip logs less.
bool is_body_logged(const Parameters& parameters) {
  const std::string usual = parameters.text("message-log.message-body-logging", "true");
  std::string value = parameters.text("message-log.soap-body-logging", usual);  // the older name wins
  std::ranges::transform(value, value.begin(), [](unsigned char c) { return std::tolower(c); });
  return value == "true";
}

}  // namespace

Result<LoggingPolicy> LoggingPolicy::from(const Parameters& parameters) {
  LoggingPolicy policy;
  policy.usual_.body = is_body_logged(parameters);
  constexpr std::int64_t kGibibyte = 1 << 30;
  const std::int64_t size = parameters.number("message-log.max-loggable-message-body-size", 10 << 20);
  if (size < 0 || size > kGibibyte)
    return fault(FaultCode::malformed_server_conf,
                 "message-log.max-loggable-message-body-size must be between 0 and " + std::to_string(kGibibyte));
  policy.usual_.max_size = static_cast<std::uint64_t>(size);
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

std::vector<LoggedAttachment> BodyRecorder::take() {
  const std::uint64_t size = kept_.size();
  if (size == 0) return {};
  return {{std::make_shared<const Spool>(std::move(kept_)), size}};
}

}  // namespace causeway::securityserver
