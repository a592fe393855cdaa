// SPDX-License-Identifier: MIT
// Identifiers and clients as the administration interface writes and reads them.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "admin/api_request.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "centralserver/registry/registry.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

// "EX:GOV:1234:tax".
std::string encoded_id(const ClientId& id);
// Of a member or a subsystem. `code` is that of the fault when it is none.
Result<ClientId> decode_client_id(std::string_view text, std::string_view code);

boost::json::object client_id_json(const ClientId& id);

// Of one that is to be added: class, code and perhaps a subsystem's code, in this instance.
// instance_identifier_not_set; validation_failure for what no identifier can have.
Result<ClientId> new_client_id(const Registry& registry, const boost::json::object& id);

// A member, or a subsystem, with the name of the member.
boost::json::object client_json(const ClientId& id, const std::string& member_name, const std::string& subsystem_name);
// The same, looked up. member_not_found, subsystem_not_found.
Result<boost::json::object> client_json(const Registry& registry, const ClientId& id);

// 200, 201 with a body, 204 without.
admin::ApiAnswer json_answer(const boost::json::value& value, int status = 200);
// A file to be kept under this name.
admin::ApiAnswer file_answer(std::string content, const std::string& name, std::string content_type);
inline admin::ApiAnswer no_content() { return {.status = 204}; }

// The body of a request that was held against the description.
boost::json::object body_of(const admin::ApiRequest& request);
// A text in it; empty when it is not there.
std::string text_in(const boost::json::object& body, std::string_view name);
// What stands in the path for "{name}".
const std::string& in_path(const admin::ApiRequest& request, std::string_view name);
// The same of a number that was held against the description.
std::int64_t number_in_path(const admin::ApiRequest& request, std::string_view name);
// A text of the form; empty when it is not there.
std::string text_in_form(const admin::ApiRequest& request, std::string_view name);
// A file of the form; nothing when it is not there, or empty.
std::optional<Bytes> file_in_form(const admin::ApiRequest& request, std::string_view name);

}  // namespace causeway::centralserver
