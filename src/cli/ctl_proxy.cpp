// SPDX-License-Identifier: MIT
#include "cli/ctl_proxy.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/server_status.hpp"
#include "securityserver/proxy_status.hpp"

namespace causeway::cli {
namespace {

using securityserver::ProxyStatus;

double per(std::uint64_t things, std::uint64_t groups) {
  return groups == 0 ? 0 : static_cast<double>(things) / static_cast<double>(groups);
}

void print(const ProxyStatus& status) {
  fmt::print("signed   {} messages with {} signatures, {:.1f} each\n", status.signing.messages,
             status.signing.signatures, per(status.signing.messages, status.signing.signatures));
  fmt::print("logged   {} records with {} flushes, {:.1f} each\n", status.log.records, status.log.flushes,
             per(status.log.records, status.log.flushes));
  fmt::print("changed  at {}\n", to_iso_seconds(status.updated));
}

int show_status(const ServerStatusOptions& options) {
  const auto path = std::filesystem::path(options.dir) / securityserver::kProxyStatusFile;
  const auto status = securityserver::load_proxy_status(path.string());
  if (!status) return fail(status.error());
  if (options.as_json)
    fmt::print("{}", to_json(*status));
  else
    print(*status);
  return kOk;
}

}  // namespace

Command proxy_command() {
  const auto options = std::make_shared<ServerStatusOptions>();
  Command status("status", "messages signed and logged since the proxy started, and how many went together");
  status.option("--dir", options->dir, "the server's directory")
      .flag("--json", options->as_json, "print JSON")
      .example("causeway ctl proxy status --dir /var/lib/causeway")
      .action([options] { return show_status(*options); });
  Command proxy("proxy", "look at the process that exchanges messages");
  proxy.subcommand(std::move(status));
  return proxy;
}

}  // namespace causeway::cli
