// SPDX-License-Identifier: MIT
#include <memory>

#include "cli/commands.hpp"
#include "securityserver/proxy.hpp"

#ifdef CAUSEWAY_MIMALLOC
#include <mimalloc.h>
#endif

namespace causeway::cli {

namespace {

// What one message frees the next needs again. Given back to the machine within the usual 25 ms,
// it comes back as several page faults for every message.
void keep_freed_memory_for_a_second() {
#ifdef CAUSEWAY_MIMALLOC
#if MI_MALLOC_VERSION < 210
  constexpr auto kDelay = mi_option_decommit_delay;
#else
  constexpr auto kDelay = mi_option_purge_delay;
#endif
  mi_option_set(kDelay, 1000);
#endif
}

}  // namespace

Command security_server_proxy_command() {
  auto directory = std::make_shared<std::string>();
  Command command("security-server-proxy", "The data plane of a Security Server (started by security-server)");
  command.internal().option("--conf", *directory, "directory of the Security Server", true).action([directory] {
    keep_freed_memory_for_a_second();
    return securityserver::run_proxy(*directory);
  });
  return command;
}

}  // namespace causeway::cli
