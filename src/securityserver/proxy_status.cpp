// SPDX-License-Identifier: MIT
#include "securityserver/proxy_status.hpp"

#include <fcntl.h>

#include <boost/json.hpp>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/status_json.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/open_file.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

// The file keeps its size, so that no reader sees the rest of a longer text.
constexpr std::size_t kSize = 512;
constexpr int kTries = 5;

Result<void> write_in_place(const std::string& path, std::string text) {
  text.resize(kSize, ' ');
  auto file = OpenFile::open(path, O_WRONLY | O_CREAT);
  if (!file) return file.error();
  return file->write_at(0, as_bytes(text));
}

ProxyStatus status_of(const json::value& from) {
  const auto count = [](const json::value& object, std::string_view name) {
    return object.at(name).to_number<std::uint64_t>();
  };
  const json::value& signing = from.at("signing");
  const json::value& log = from.at("message_log");
  return {.updated = status_json::time_in(from.as_object(), "updated").value(),
          .signing = {.messages = count(signing, "messages"), .signatures = count(signing, "signatures")},
          .log = {.records = count(log, "records"), .flushes = count(log, "flushes")}};
}

}  // namespace

std::string to_json(const ProxyStatus& status) {
  return json::serialize(json::object{
             {"updated", status_json::from(status.updated)},
             {"signing", {{"messages", status.signing.messages}, {"signatures", status.signing.signatures}}},
             {"message_log", {{"records", status.log.records}, {"flushes", status.log.flushes}}}}) +
         "\n";
}

Result<ProxyStatus> read_proxy_status(std::string_view text) {
  try {
    return status_of(json::parse(text));
  } catch (const std::exception&) {
    return fault(FaultCode::invalid_message, "not the status of a proxy");
  }
}

void ProxyStatusFile::tell(const SigningCounts& signing, const LogCounts& log) {
  if (told_.updated != TimePoint() && told_.signing == signing && told_.log == log) return;
  told_ = {.updated = now(), .signing = signing, .log = log};
  const auto written = write_in_place(path_, to_json(told_));
  if (!written && !failed_) log::warn("{}", written.error().text);
  failed_ = !written;
}

Result<ProxyStatus> load_proxy_status(const std::string& path) {
  Result<ProxyStatus> status = fault(FaultCode::invalid_message, path + " is empty");
  for (int i = 0; i < kTries && !status; ++i) {
    const auto text = read_file(path, kSize);
    if (!text) return text.error();
    status = read_proxy_status(*text);
  }
  return status;
}

}  // namespace causeway::securityserver
