// SPDX-License-Identifier: MIT
// What the admin API answers to questions, as JSON. For this library only.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>

#include "country/admin_api.hpp"
#include "domain/identifiers.hpp"

namespace causeway::country {

// Carries a fault out of nested reading; reading_answers() lets it no further.
struct ApiFailed {
  Fault fault;
};

// Throw ApiFailed; what an answer lacks is an exception of boost::json.
boost::json::value get_json(AdminApi& api, const std::string& path);
boost::json::value ask_json(AdminApi& api, const ApiCall& call);
// Nothing: there is none (404).
std::optional<std::string> get_if_there(AdminApi& api, const std::string& path);

std::string text_at(const boost::json::object& object, std::string_view name);
// Empty where it is not there, or null.
std::string text_or_none(const boost::json::object& object, std::string_view name);
ClientId client_id_at(const boost::json::object& object, std::string_view name);

// Each row of a list that comes in pages. `path` takes "limit" and "offset".
void for_each_row(AdminApi& api, const std::function<ApiCall(std::size_t limit, std::size_t page)>& page_call,
                  std::string_view rows, const std::function<void(const boost::json::object&)>& row);

// As a segment of a path.
std::string in_path(const ClientId& id);
std::string in_path(const std::string& text);

// Runs `reading`; malformed_answer for whatever boost::json threw.
Result<void> reading_answers(const std::function<void()>& reading);

}  // namespace causeway::country
