// SPDX-License-Identifier: MIT
// REST messages of X-Road (PR-REST): heads as signed and sent (messages.md 2.5, 4.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "message/soap.hpp"
#include "net/http_message.hpp"
#include "pki/digest.hpp"

namespace causeway::message {

struct RestRequest {
  std::string verb;
  std::string path;                  // raw, from "/r1/" on
  std::optional<std::string> query;  // raw; empty but present when only '?' was there
  net::Headers headers;              // as they stand in the head

  ClientId client;
  ServiceId service;
  std::string service_path;  // rest of the raw path with its '/', "" if absent
  std::string id;            // x-road-id
  std::string request_id;    // x-road-request-id
  std::optional<ServerId> security_server;
  std::optional<RepresentedParty> represented_party;
  std::optional<std::string> user_id, issue;

  std::string head() const;  // serialised, CRLF, no blank line at the end
};

struct RestResponse {
  int status = 200;
  std::string reason;
  net::Headers headers;

  ClientId client;
  ServiceId service;
  std::string id, request_id, request_hash;

  std::string head() const;
};

// Names removed in both directions (messages.md 2.5).
bool is_skipped_header(std::string_view name);

// What the consumer side makes of an information system's HTTP request: header rules,
// a generated id ("<instance>-<uuid>") if none came, `request_id` appended. Header
// values are Latin-1 octets and become UTF-8. Faults: invalid_client_identifier, internal_error.
Result<RestRequest> rest_request_from_http(const net::RequestHead& http, std::string_view own_instance,
                                           std::string request_id);

// What a provider side reads from the message part. internal_error for everything that
// does not parse, for any skipped header, and for a path that is no URI.
Result<RestRequest> parse_rest_request(std::string_view head);
Result<RestResponse> parse_rest_response(std::string_view head);

// An answer with these headers, already in UTF-8, minus those that X-Road removes or sets
// itself, then the x-road-* ones in order (messages.md 3.2).
RestResponse rest_response(int status, std::string reason, const net::Headers& headers, const RestRequest& request,
                           std::string request_id, std::string request_hash);

// The provider side's answer: the provider's headers by the rules of 3.2, then the
// x-road-* ones in order. `request_id` is that of the transport header.
Result<RestResponse> rest_response_from_http(const net::ResponseHead& http, const RestRequest& request,
                                             std::string request_id, std::string request_hash);

// Base64(H(H(head) || H(body))), or of H(head) alone when there was no body part (4.6).
std::string rest_request_hash(ByteView head_digest, std::optional<ByteView> body_digest);

// equal client, x-road-id, service, x-road-request-id, request hash; inconsistent_response.
Result<void> check_consistent(const RestRequest& request, std::string_view request_hash, const RestResponse& response);

// What stands in log and container instead of the head when bodies are not logged (4.5).
std::string filtered_head(const RestRequest& request);
std::string filtered_head(const RestResponse& response);

// The answer of a consumer side in place of a response: JSON, or XML when an Accept
// header asks for it; header X-Road-Error; status 500 for "server." codes, else 400.
struct RestError {
  net::ResponseHead head;
  std::string body;
};
RestError rest_error(const Fault& fault, const net::Headers& request_headers);
// The same, read, for whoever calls a Security Server; nullopt when it is none.
std::optional<Fault> parse_rest_error(std::string_view content_type, std::string_view body);

std::string latin1_to_utf8(std::string_view text);
// Above U+00FF: a space (messages.md 2.5) for `replacement` ' ', or '?' towards services.
std::string utf8_to_latin1(std::string_view text, char replacement);

}  // namespace causeway::message
