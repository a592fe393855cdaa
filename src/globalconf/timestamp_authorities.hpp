// SPDX-License-Identifier: MIT
// Whose timestamps count (evidence.md 3).
#pragma once

#include <vector>

#include "globalconf/view.hpp"
#include "pki/certificate.hpp"

namespace causeway::globalconf {

// The certificates of the approved time-stamping services of all instances. One that
// cannot be read is left out, with a line in the log.
std::vector<pki::Certificate> timestamp_authorities(const View& view);

}  // namespace causeway::globalconf
