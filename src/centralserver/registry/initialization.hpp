// SPDX-License-Identifier: MIT
// How a central server begins.
#pragma once

#include <string>

#include "centralserver/registry/change.hpp"

namespace causeway::centralserver {

// Names the instance and this node's address, sets the parameters that X-Road sets, and makes
// the group of security server owners. A node that joins others names the instance again, and
// adds its address. init_already_initialized when this node has been, validation_failure when the
// instance is called otherwise.
Result<void> initialize(Change& change, const std::string& instance, const std::string& address);

}  // namespace causeway::centralserver
