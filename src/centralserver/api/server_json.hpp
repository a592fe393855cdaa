// SPDX-License-Identifier: MIT
// Security Servers as the administration interface writes and reads them.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "centralserver/registry/security_servers.hpp"

namespace causeway::centralserver {

// "EX:GOV:1234:ss1".
std::string encoded_id(const ServerId& id);
// invalid_encoded_id when it is none.
Result<ServerId> decode_server_id(std::string_view text);

boost::json::object server_id_json(const ServerId& id);

boost::json::object server_json(const RegisteredServer& server, const std::string& owner_name);
// With the name of its owner, looked up.
Result<boost::json::object> server_json(const Registry& registry, const RegisteredServer& server);

}  // namespace causeway::centralserver
