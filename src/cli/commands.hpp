// SPDX-License-Identifier: MIT
// The commands of the program, one file each.
#pragma once

#include "cli/command.hpp"

namespace causeway::cli {

// One line per command, in the order of --help.
Command up_command();
Command up_central_command();
Command up_registers_command();
Command configuration_proxy_command();
Command central_server_command();
Command central_server_center_command();  // internal
Command security_server_command();
Command security_server_admin_command();  // internal
Command signer_command();
Command ctl_command();
Command export_command();
Command plan_command();
Command apply_command();
Command test_ca_command();
Command verify_command();
Command bench_command();

// Processes that other commands start.
Command security_server_proxy_command();
Command bench_load_command();
Command bench_registry_command();

}  // namespace causeway::cli
