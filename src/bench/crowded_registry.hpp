// SPDX-License-Identifier: MIT
// A registry as large as that of a country, to measure a Central Server with.
#pragma once

#include <cstddef>

#include "centralserver/registry/change.hpp"

namespace causeway::bench {

// Registers members until there are `total`, each with three subsystems, and a Security Server for
// every twenty (ecosystem/crowd.hpp), all of one kind of certificate. The registry has an instance.
Result<void> register_crowd(centralserver::Change& change, std::size_t total);

}  // namespace causeway::bench
