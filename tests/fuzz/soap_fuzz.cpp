// SPDX-License-Identifier: MIT
// SOAP from information systems and other servers: what is read can be answered, and the
// answer is read the same.
#include <cstdint>
#include <cstdlib>

#include "message/soap.hpp"

namespace {

using namespace causeway;
using namespace causeway::message;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_message(const SoapMessage& message) {
  const auto hashed = with_request_hash(message, message.bytes);
  if (hashed) {
    const auto again = parse_soap(hashed->bytes, "text/xml");
    require(again.ok() && std::holds_alternative<SoapMessage>(*again));
    require(check_consistent(message, std::get<SoapMessage>(*again)).ok());
  }
  const auto answer = soap_response(message, message.body_element + "Response", "<inner/>");
  if (answer) require(answer->body_element == message.body_element + "Response");
  if (auto renamed = soap_response_renamed(message, message.body_element + "Response"); renamed)
    require(renamed->header.id == message.header.id);
}

void check_fault(const SoapFault& fault) {
  Fault made = fault.to_fault();
  if (made.detail.empty()) made.detail = "d";
  const auto again = parse_soap(to_bytes(soap_fault_xml(made)), "text/xml");
  require(again.ok() && std::holds_alternative<SoapFault>(*again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto soap = parse_soap(Bytes(bytes, bytes + size), "text/xml");
  if (!soap) {
    require(!soap.error().code.empty() && !soap.error().text.empty());
  } else if (const auto* message = std::get_if<SoapMessage>(&*soap)) {
    check_message(*message);
  } else {
    check_fault(std::get<SoapFault>(*soap));
  }
  return 0;
}
