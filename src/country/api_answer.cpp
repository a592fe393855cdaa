// SPDX-License-Identifier: MIT
#include "country/api_answer.hpp"

#include <fmt/format.h>

#include <optional>

#include "country/country.hpp"

namespace causeway::country {
namespace {

namespace json = boost::json;

// One page of nearly every country: orders of rows are not always total, and what moved from one
// page to the next would be missed.
constexpr std::size_t kRowsOfPage = 10000;
constexpr std::size_t kMostPages = 1000;

Fault malformed(std::string text) { return {"malformed_answer", std::move(text)}; }

}  // namespace

json::value ask_json(AdminApi& api, const ApiCall& call) {
  auto body = ask(api, call);
  if (!body) throw ApiFailed{body.error()};
  boost::system::error_code failed;
  json::value value = json::parse(*body, failed);
  if (failed) throw ApiFailed{malformed(call.method + " " + call.path + " was not answered with JSON")};
  return value;
}

json::value get_json(AdminApi& api, const std::string& path) { return ask_json(api, {.path = path}); }

std::optional<std::string> get_if_there(AdminApi& api, const std::string& path) {
  const ApiCall call{.path = path};
  auto reply = api.ask(call);
  if (!reply) throw ApiFailed{reply.error()};
  if (reply->status == 404) return std::nullopt;
  auto body = accepted(call, *reply);
  if (!body) throw ApiFailed{body.error()};
  return *std::move(body);
}

std::string text_at(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

std::string text_or_none(const json::object& object, std::string_view name) {
  const json::value* const found = object.if_contains(name);
  return found == nullptr || found->is_null() ? std::string() : std::string(found->as_string());
}

ClientId client_id_at(const json::object& object, std::string_view name) {
  const json::object& id = object.at(name).as_object();
  auto made = ClientId::make(text_at(id, "instance_id"), text_at(id, "member_class"), text_at(id, "member_code"),
                             text_or_none(id, "subsystem_code"));
  if (!made) throw ApiFailed{malformed(made.error().text)};
  return *std::move(made);
}

void for_each_row(AdminApi& api, const std::function<ApiCall(std::size_t, std::size_t)>& page_call,
                  std::string_view rows, const std::function<void(const json::object&)>& row) {
  std::size_t seen = 0;
  for (std::size_t page = 0; page < kMostPages; ++page) {
    const json::value answer = ask_json(api, page_call(kRowsOfPage, page));
    const json::array& items = answer.at(rows).as_array();
    for (const json::value& each : items) row(each.as_object());
    seen += items.size();
    if (items.empty() || seen >= answer.at("paging_metadata").at("total_items").to_number<std::size_t>()) return;
  }
  throw ApiFailed{malformed(fmt::format("a list of more than {} pages", kMostPages))};
}

std::string in_path(const std::string& text) { return encode_identifier_part(text); }
std::string in_path(const ClientId& id) { return in_path(api_id(id)); }

Result<void> reading_answers(const std::function<void()>& reading) {
  try {
    reading();
    return {};
  } catch (const ApiFailed& failed) {
    return failed.fault;
  } catch (const std::exception& error) {  // of boost::json: something is missing, or of another type
    return malformed(std::string("the server's answer is not what the interface says: ") + error.what());
  }
}

}  // namespace causeway::country
