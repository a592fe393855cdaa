// SPDX-License-Identifier: MIT
#include "evidence/message_identity.hpp"

#include "domain/fault_code.hpp"
#include "message/rest.hpp"
#include "message/soap.hpp"

namespace causeway::evidence {
namespace {

using Protocol = MessageIdentity::Protocol;

constexpr std::string_view kResponseSuffix = "Response";

Result<MessageIdentity> identify_soap(std::string_view text) {
  auto soap = message::parse_soap(to_bytes(text), "text/xml; charset=UTF-8");
  if (!soap) return std::move(soap).error();
  const auto* const found = std::get_if<message::SoapMessage>(&*soap);
  if (found == nullptr) return fault(FaultCode::invalid_message, "a SOAP fault, which nobody signs");
  const message::SoapHeader& header = found->header;
  return MessageIdentity{Protocol::soap,
                         found->body_element.ends_with(kResponseSuffix),
                         header.client,
                         header.service,
                         header.id,
                         {},
                         header.user_id,
                         header.issue,
                         {}};
}

Result<MessageIdentity> identify_rest_request(std::string_view text) {
  auto request = message::parse_rest_request(text);
  if (!request) return std::move(request).error();
  return MessageIdentity{Protocol::rest,   false,          request->client,
                         request->service, request->id,    request->request_id,
                         request->user_id, request->issue, request->verb + " " + request->path};
}

Result<MessageIdentity> identify_rest_response(std::string_view text) {
  auto response = message::parse_rest_response(text);
  if (!response) return std::move(response).error();
  return MessageIdentity{Protocol::rest,
                         true,
                         response->client,
                         response->service,
                         response->id,
                         response->request_id,
                         {},
                         {},
                         std::to_string(response->status) + " " + response->reason};
}

}  // namespace

Result<MessageIdentity> identify_message(std::string_view message) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::string_view start = message;
  if (start.starts_with(kByteOrderMark)) start.remove_prefix(kByteOrderMark.size());
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fault(FaultCode::invalid_message, "an empty message");
  // No method of HTTP starts with this sign, nor with a digit.
  if (start[first] == '<') return identify_soap(message);
  return start[first] >= '1' && start[first] <= '9' ? identify_rest_response(message) : identify_rest_request(message);
}

}  // namespace causeway::evidence
