// SPDX-License-Identifier: MIT
#include "country/admin_api.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <string_view>

namespace causeway::country {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostShown = 500;

struct Advice {
  std::string_view code, text;
};
constexpr std::array kAdvice{
    Advice{"subsystem_registered_and_cannot_be_deleted",
           "it is a client of a Security Server; delete it there, or unregister it, first"},
    Advice{"member_class_is_in_use", "members of the class are left; they have to go first"},
    Advice{"trusted_anchor_verification_failed",
           "the Central Server cannot download the configuration that the anchor points to"},
    Advice{"certificate_profile_info_class_not_found", "the server does not know this certificate profile"},
    Advice{"instance_identifier_not_set", "initialise the Central Server first"},
    Advice{"invalid_certificate", "the server cannot read the certificate"}};

std::string advice_on(int status, std::string_view code) {
  for (const Advice& each : kAdvice)
    if (each.code == code) return ": " + std::string(each.text);
  if (status == 401) return ": the API key is not known to this server, or may not be used from this address";
  if (status == 403) return ": no role of the API key allows this";
  if (status == 404 && code.empty()) return ": the server has no such operation; is the address that of its admin API?";
  if (status >= 500) return ": the server failed; its log says why";
  return "";
}

// What stands in `error`: code, what it is about, and which fields are wrong.
std::string told(const json::object& error, std::string& code) {
  if (const json::value* const given = error.if_contains("code"); given != nullptr && given->is_string())
    code = given->get_string();
  std::string text = code;
  for (const char* const about : {"metadata", "validation_errors"})
    if (const json::value* const more = error.if_contains(about)) text += " " + json::serialize(*more);
  return text.substr(0, kMostShown);
}

}  // namespace

Result<std::string> accepted(const ApiCall& call, const ApiReply& reply) {
  if (reply.status >= 200 && reply.status < 300) return reply.body;
  boost::system::error_code failed;
  const json::value body = json::parse(reply.body, failed);
  std::string code, text;
  if (!failed && body.is_object())
    if (const json::value* const error = body.get_object().if_contains("error"); error != nullptr && error->is_object())
      text = told(error->get_object(), code);
  return Fault{"api_refused", fmt::format("{} {} was answered with {}{}{}", call.method, call.path, reply.status,
                                          text.empty() ? "" : " " + text, advice_on(reply.status, code))};
}

Result<std::string> ask(AdminApi& api, const ApiCall& call) {
  auto reply = api.ask(call);
  if (!reply) return reply.error();
  return accepted(call, *reply);
}

}  // namespace causeway::country
