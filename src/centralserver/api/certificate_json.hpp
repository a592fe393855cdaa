// SPDX-License-Identifier: MIT
// Certificates as the administration interface shows them.
#pragma once

#include <boost/json/object.hpp>

#include "pki/certificate.hpp"

namespace causeway::centralserver {

boost::json::object certificate_json(const pki::Certificate& certificate);

}  // namespace causeway::centralserver
