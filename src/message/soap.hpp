// SPDX-License-Identifier: MIT
// SOAP messages of X-Road (PR-MESS; messages.md 2.3, 3.1): read, never re-serialised on
// the request path.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"

namespace causeway::message {

struct RepresentedParty {
  std::string party_class;  // may be empty
  std::string party_code;
  bool operator==(const RepresentedParty&) const = default;
};

struct SoapHeader {
  ClientId client;
  ServiceId service;
  std::string id;
  std::string protocol_version;
  std::optional<std::string> user_id, issue;
  std::optional<ServerId> security_server;
  std::optional<RepresentedParty> represented_party;
  std::optional<std::string> request_hash;            // Base64 text
  std::optional<std::string> request_hash_algorithm;  // algorithmId
};

struct SoapMessage {
  Bytes bytes;  // exactly as received, BOM included
  SoapHeader header;
  std::string body_element;  // local name of the Body's child
  std::string body_namespace;
  bool rpc_encoded = false;
};

// A SOAP Fault in place of a message.
struct SoapFault {
  std::string code, text, actor, detail;
  Bytes bytes;
  Fault to_fault() const;  // relayed = true, code in its modern spelling
};

using Soap = std::variant<SoapMessage, SoapFault>;

// `content_type` gives the charset (UTF-8 by default). Faults by name as in the table of
// messages.md 2.3, without origin prefix.
Result<Soap> parse_soap(Bytes bytes, std::string_view content_type);

// The response as the provider side passes it on: XML declaration forced, incoming
// requestHash dropped, a new one right after `id` (messages.md 3.1). `request_bytes` are hashed.
Result<SoapMessage> with_request_hash(const SoapMessage& response, ByteView request_bytes);

// equal client, service, userId, representedParty, issue, id, and the request's hash.
// inconsistent_response otherwise.
Result<void> check_consistent(const SoapMessage& request, const SoapMessage& response);

// The same message with the body element replaced by one of the same prefix renamed to
// `name` holding `inner_xml` (metadata services answer so).
Result<SoapMessage> soap_response(const SoapMessage& request, std::string_view name, std::string_view inner_xml);

// Syntax of SOAPAction: absent (nullopt), empty, "" or a quoted URI. invalid_soap_action.
Result<void> check_soap_action(const std::optional<std::string>& value);

// messages.md section 6, byte for byte. A fault without detail gets a random UUID.
std::string soap_fault_xml(const Fault& fault);

}  // namespace causeway::message
