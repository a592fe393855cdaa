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

// The places at which an answer is written into a message that was read; octets of `bytes`.
// Empty in a message that with_request_hash made.
struct SoapLayout {
  struct Span {
    std::size_t begin = 0, end = 0;
  };
  std::string encoding;      // as the XML declaration names it; empty when it does not
  std::size_t start = 0;     // behind byte order mark, XML declaration and white space
  Span header_space;         // the first white space in Header
  Span id_tag;               // "<id>" with its attributes
  std::size_t id_end = 0;    // behind "</id>"
  Span request_hash;         // the whole element; empty when there is none
  Span body_tag;             // the start tag of the Body's child
  std::size_t body_end = 0;  // behind that child
};

struct SoapMessage {
  Bytes bytes;  // exactly as received, BOM included
  SoapHeader header;
  std::string body_element;  // local name of the Body's child
  std::string body_namespace;
  bool rpc_encoded = false;
  SoapLayout layout;
};

// A SOAP Fault in place of a message.
struct SoapFault {
  std::string code, text, actor, detail;
  Bytes bytes;
  Fault to_fault() const;  // relayed = true, code in its modern spelling
};

using Soap = std::variant<SoapMessage, SoapFault>;

// `content_type` must be that of a SOAP part. The encoding is the one that the XML
// declaration names (UTF-8 by default), as in Java: a charset of the content type never
// overrules it, so both Security Servers read the same. Read are UTF-8, US-ASCII,
// ISO-8859-1 and UTF-16. Faults by name as in the table of messages.md 2.3, without
// origin prefix; more than one Header or Body is invalid_soap.
Result<Soap> parse_soap(Bytes bytes, std::string_view content_type);

// The response as the provider side passes it on, in UTF-8: XML declaration forced, incoming
// requestHash dropped, a new one right after `id` (messages.md 3.1). `request_bytes` are hashed.
Result<SoapMessage> with_request_hash(const SoapMessage& response, ByteView request_bytes);

// equal client, service, userId, representedParty, issue, id: service_failed.inconsistent_response
// otherwise.
Result<void> check_same_header(const SoapMessage& request, const SoapMessage& response);
// The same, and the request's hash: inconsistent_response (messages.md section 5).
Result<void> check_consistent(const SoapMessage& request, const SoapMessage& response);

// The same message with the body element replaced by one of the same prefix renamed to
// `name` holding `inner_xml` (metadata services answer so).
Result<SoapMessage> soap_response(const SoapMessage& request, std::string_view name, std::string_view inner_xml);

// The same message with the body element renamed and its contents kept, `appended` behind them.
Result<SoapMessage> soap_response_renamed(const SoapMessage& request, std::string_view name,
                                          std::string_view appended = {});

// The same message with `element_xml` in place of the body element; it declares the
// namespaces that it uses.
Result<SoapMessage> soap_response_with(const SoapMessage& request, std::string_view element_xml);

// Syntax of SOAPAction: absent (nullopt), empty, "" or a quoted URI. invalid_soap_action.
Result<void> check_soap_action(const std::optional<std::string>& value);

// messages.md section 6, byte for byte, in UTF-8. A fault without detail gets a random UUID.
std::string soap_fault_xml(const Fault& fault);

}  // namespace causeway::message
