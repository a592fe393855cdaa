// SPDX-License-Identifier: MIT
// What the proxy has done since it started, in a file for diagnostics and the benchmark.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/transport/batch_signer.hpp"

namespace causeway::securityserver {

// In a server's directory.
inline constexpr std::string_view kProxyStatusFile = "run/proxy-status.json";

struct ProxyStatus {
  TimePoint updated{};
  SigningCounts signing;
  LogCounts log;
};

// {"updated", "signing": {"messages", "signatures"}, "message_log": {"records", "flushes"}}
std::string to_json(const ProxyStatus& status);
// invalid_message for anything else.
Result<ProxyStatus> read_proxy_status(std::string_view text);

// The file, written in place and never flushed: it tells of a process that runs. A reader
// may meet the writer halfway; what it has then is no JSON, and it reads again.
class ProxyStatusFile {
 public:
  explicit ProxyStatusFile(std::string path) : path_(std::move(path)) {}
  // Nothing is written while the counts stay the same. A failure is logged once.
  void tell(const SigningCounts& signing, const LogCounts& log);

 private:
  const std::string path_;
  ProxyStatus told_;
  bool failed_ = false;
};

// io_error; invalid_message for another file.
Result<ProxyStatus> load_proxy_status(const std::string& path);

}  // namespace causeway::securityserver
