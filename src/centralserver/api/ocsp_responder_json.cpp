// SPDX-License-Identifier: MIT
#include "centralserver/api/ocsp_responder_json.hpp"

#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/cost_text.hpp"

namespace causeway::centralserver {

namespace json = boost::json;

json::object ocsp_responder_json(const RegisteredOcspResponder& responder) {
  return {{"id", responder.number},
          {"url", responder.url},
          {"cost_type", cost_text(responder.cost)},
          {"has_certificate", responder.certificate.has_value()}};
}

json::array ocsp_responders_json(const std::vector<RegisteredOcspResponder>& responders) {
  json::array out;
  for (const RegisteredOcspResponder& each : responders) out.push_back(ocsp_responder_json(each));
  return out;
}

NewOcspResponder ocsp_responder_in(const admin::ApiRequest& request) {
  return {.url = text_in_form(request, "url"),
          .certificate = file_in_form(request, "certificate"),
          .cost = cost_of(text_in_form(request, "cost_type"))};
}

}  // namespace causeway::centralserver
