// SPDX-License-Identifier: MIT
#include "message/rest.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/headers.hpp"
#include "message/uri.hpp"

namespace causeway::message {
namespace {

using net::equals_ignoring_case;

constexpr std::array<std::string_view, 8> kVerbs{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"};
constexpr std::array<std::string_view, 13> kSkipped{
    "connection",    "keep-alive", "proxy-authenticate", "proxy-authorization", "te",     "trailer",
    "upgrade",       "host",       "user-agent",         "transfer-encoding",   "server", "expect",
    "content-length"};
constexpr std::size_t kUsualHeaders = 12;  // of a head; where there are more, the list grows
constexpr std::size_t kXRoadHeaders = 5;   // of an answer
constexpr std::string_view kPathStart = "/r1/";
constexpr std::string_view kXRoad = "x-road-";

Fault malformed(std::string text) { return fault(FaultCode::internal_error, std::move(text)); }

bool is_verb(std::string_view text) { return std::find(kVerbs.begin(), kVerbs.end(), text) != kVerbs.end(); }

bool is_xroad(std::string_view name) {
  return name.size() > kXRoad.size() && equals_ignoring_case(name.substr(0, kXRoad.size()), kXRoad);
}

// A line end inside of a value would become a header of its own in the head.
bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

// What a request line and headers say, checked and split, before identifiers are read.
struct RequestParts {
  std::string_view verb, path;
  std::optional<std::string_view> query;
  net::Headers headers;
};

// The identifiers of "/r1/I/C/M/S/svc[/...]" and what follows them.
struct ServicePath {
  std::string_view service, rest;
};
Result<ServicePath> split_path(std::string_view path) {
  if (!path.starts_with(kPathStart)) return malformed("the path of a REST request starts with /r1/");
  std::size_t end = kPathStart.size();
  for (int part = 0; part < 5; ++part) {
    if (part > 0) {
      if (end == path.size())
        return malformed("the path of a REST request names instance, class, member, subsystem and service");
      ++end;
    }
    end = std::min(path.find('/', end), path.size());
  }
  return ServicePath{path.substr(kPathStart.size(), end - kPathStart.size()), path.substr(end)};
}

// "[class/]code"; as in Java, '/' at the end counts for nothing.
Result<std::optional<RepresentedParty>> represented_party(std::string_view text) {
  const bool given = text.empty();
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.empty() && !given) return std::optional<RepresentedParty>();
  const auto slash = text.find('/');
  const std::string_view code = slash == std::string_view::npos ? text : text.substr(slash + 1);
  if (code.find('/') != std::string_view::npos) return malformed("X-Road-Represented-Party has more than two parts");
  auto party_code = decode_identifier_part(code);
  if (!party_code) return party_code.error().while_doing("X-Road-Represented-Party");
  auto party_class = decode_identifier_part(slash == std::string_view::npos ? "" : text.substr(0, slash));
  if (!party_class) return party_class.error().while_doing("X-Road-Represented-Party");
  return std::optional<RepresentedParty>(RepresentedParty{*std::move(party_class), *std::move(party_code)});
}

// The client id of the last X-Road-Client; each is read, and none may be broken.
Result<std::optional<ClientId>> client_of(const net::Headers& headers) {
  std::optional<ClientId> client;
  for (const auto& [name, value] : headers) {
    if (!equals_ignoring_case(name, kClient)) continue;
    auto id = ClientId::parse_rest(value);
    if (!id) return id.error().while_doing("X-Road-Client");
    client = *std::move(id);
  }
  return client;
}

Result<void> read_headers(RestRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (!is_xroad(name)) continue;
    if (equals_ignoring_case(name, kId)) {
      request.id = value;
    } else if (name == kRequestId) {
      request.request_id = value;
    } else if (equals_ignoring_case(name, kSecurityServer)) {
      auto id = ServerId::parse_rest(value);
      if (!id) return id.error().while_doing("X-Road-Security-Server");
      request.security_server = *std::move(id);
    } else if (equals_ignoring_case(name, kRepresentedParty)) {
      auto party = represented_party(value);
      if (!party) return party.error();
      request.represented_party = *std::move(party);
    } else if (equals_ignoring_case(name, kUserId)) {
      if (!request.user_id) request.user_id = value;
    } else if (equals_ignoring_case(name, kIssue)) {
      if (!request.issue) request.issue = value;
    }
  }
  return {};
}

Result<RestRequest> make_request(RequestParts parts, FaultCode without_client) {
  if (!is_verb(parts.verb)) return malformed("the method is none of a REST request's");
  if (!is_uri_path(parts.path)) return malformed("the path is no URI path: percent-encode what may not stand raw");
  if (parts.query && !is_uri_query(*parts.query))
    return malformed("the query is no URI query: percent-encode what may not stand raw");
  const auto path = split_path(parts.path);
  if (!path) return path.error();
  auto service = ServiceId::parse_rest(path->service);
  if (!service) return service.error();
  auto client = client_of(parts.headers);
  if (!client) return client.error();
  if (!*client) return fault(without_client, "header X-Road-Client is missing");
  Result<RestRequest> request(
      RestRequest{.verb = std::string(parts.verb),
                  .path = std::string(parts.path),
                  .query = parts.query ? std::optional<std::string>(*parts.query) : std::nullopt,
                  .headers = std::move(parts.headers),
                  .client = **std::move(client),
                  .service = *std::move(service),
                  .service_path = std::string(path->rest),
                  .id = {},
                  .request_id = {},
                  .security_server = {},
                  .represented_party = {},
                  .user_id = {},
                  .issue = {}});
  if (auto read = read_headers(*request); !read) return read.error();
  return request;
}

// CRLF, LF or CR ends a line, as Java's reader has it.
std::optional<std::string_view> take_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos) {
    text = {};
  } else {
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return line;
}

Result<net::Headers> take_headers(std::string_view& text) {
  net::Headers headers;
  headers.reserve(kUsualHeaders);
  while (const auto line = take_line(text)) {
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) return malformed("a header line of a REST message has no colon");
    const std::string_view name = line->substr(0, colon);
    if (is_skipped_header(name)) return malformed("a REST message may not hold header " + std::string(name));
    headers.add(std::string(name), std::string(line->substr(colon + 1)));
  }
  return headers;
}

std::size_t size_of(const net::Headers& headers) {
  std::size_t size = 0;
  for (const auto& [name, value] : headers) size += name.size() + value.size() + 3;
  return size;
}

void append_header(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(":").append(value).append("\r\n");
}

void append_headers(std::string& text, const net::Headers& headers) {
  for (const auto& [name, value] : headers) append_header(text, name, value);
}

void append_xroad_headers(std::string& text, const net::Headers& headers) {
  for (const auto& [name, value] : headers)
    if (is_xroad(name) || equals_ignoring_case(name, kXRoad)) append_header(text, name, value);
}

// With room for what follows.
std::string status_lines(const RestResponse& response, std::size_t room) {
  const std::string status = std::to_string(response.status);
  std::string text;
  text.reserve(status.size() + response.reason.size() + 4 + room);
  text.append(status).append("\r\n").append(response.reason).append("\r\n");
  return text;
}

Result<void> check_http_header(std::string_view name, std::string_view value) {
  if (!is_one_line(name) || !is_one_line(value) || name.empty() || name.find(':') != std::string_view::npos)
    return malformed("an HTTP header holds a line end or has no name");
  return {};
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

// Those that an answer has from its provider; the others X-Road removes or sets itself.
bool is_of_provider(std::string_view name) {
  constexpr std::array kReplaced{kId, kClient, kService, kRequestId, kRequestHash};
  const auto same = [name](std::string_view ours) { return equals_ignoring_case(name, ours); };
  return std::none_of(kReplaced.begin(), kReplaced.end(), same) && !is_skipped_header(name);
}

// `headers` are the provider's.
RestResponse answer_to(const RestRequest& request, int status, std::string reason, net::Headers headers,
                       std::string request_id, std::string request_hash) {
  RestResponse response{.status = status,
                        .reason = std::move(reason),
                        .headers = std::move(headers),
                        .client = request.client,
                        .service = request.service,
                        .id = request.id,
                        .request_id = std::move(request_id),
                        .request_hash = std::move(request_hash)};
  response.headers.add(std::string(kId), response.id);
  response.headers.add(std::string(kClient), response.client.to_rest());
  response.headers.add(std::string(kService), response.service.to_rest());
  response.headers.add(std::string(kRequestId), response.request_id);
  response.headers.add(std::string(kRequestHash), response.request_hash);
  return response;
}

// A digest in Base64 may be written with or without padding and line ends.
bool same_hash(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = from_base64(a), right = from_base64(b);
  return left && right && *left == *right;
}

}  // namespace

bool is_skipped_header(std::string_view name) {
  return std::any_of(kSkipped.begin(), kSkipped.end(),
                     [name](std::string_view skipped) { return equals_ignoring_case(name, skipped); });
}

std::string RestRequest::head() const {
  std::string text;
  text.reserve(verb.size() + path.size() + (query ? query->size() : 0) + 8 + size_of(headers));
  text.append(verb).append("\r\n").append(path);
  if (query) text.append("?").append(*query);
  text += "\r\n";
  append_headers(text, headers);
  return text;
}

std::string RestResponse::head() const {
  std::string text = status_lines(*this, size_of(headers));
  append_headers(text, headers);
  return text;
}

Result<RestRequest> rest_request_from_http(const net::RequestHead& http, std::string_view own_instance,
                                           std::string request_id) {
  RequestParts parts{http.method, http.path(), http.query(), {}};
  parts.headers.reserve(http.headers.size() + 2);
  bool has_id = false;
  for (const auto& [name, value] : http.headers) {
    if (is_skipped_header(name) || equals_ignoring_case(name, kRequestId) || equals_ignoring_case(name, kRequestHash))
      continue;
    if (auto good = check_http_header(name, value); !good) return good.error();
    parts.headers.add(latin1_to_utf8(name), latin1_to_utf8(value));
    has_id = has_id || equals_ignoring_case(name, kId);
  }
  parts.headers.add(std::string(kRequestId), std::move(request_id));
  if (!has_id) parts.headers.add(std::string(kId), std::string(own_instance) + "-" + random_uuid());
  return make_request(std::move(parts), FaultCode::invalid_client_identifier);
}

Result<RestRequest> parse_rest_request(std::string_view head) {
  // Other octets would not survive reading and writing in Java, and the hashes would differ.
  if (!is_utf8(head)) return malformed("the head of a REST request is not valid UTF-8");
  const auto verb = take_line(head);
  const auto target = take_line(head);
  if (!verb || !target) return malformed("the head of a REST request lacks its method or path");
  const auto mark = target->find('?');
  RequestParts parts{*verb, target->substr(0, mark), std::nullopt, {}};
  if (mark != std::string_view::npos) parts.query = target->substr(mark + 1);
  auto headers = take_headers(head);
  if (!headers) return headers.error();
  parts.headers = *std::move(headers);
  return make_request(std::move(parts), FaultCode::internal_error);
}

Result<RestResponse> parse_rest_response(std::string_view head) {
  if (!is_utf8(head)) return malformed("the head of a REST response is not valid UTF-8");
  const auto code = take_line(head);
  const auto reason = take_line(head);
  if (!code || !reason) return malformed("the head of a REST response lacks its status or reason line");
  int status = 0;
  const auto [end, error] = std::from_chars(code->data(), code->data() + code->size(), status);
  if (error != std::errc() || end != code->data() + code->size() || status < 100 || status > 999)
    return malformed("the status of a REST response is no HTTP status");
  auto headers = take_headers(head);
  if (!headers) return headers.error();

  auto client = client_of(*headers);
  if (!client) return client.error();
  std::optional<ServiceId> service;
  std::string id, request_id, request_hash;
  for (const auto& [name, value] : *headers) {
    if (!is_xroad(name)) continue;
    if (equals_ignoring_case(name, kService)) {
      auto parsed = ServiceId::parse_rest(value);
      if (!parsed) return parsed.error().while_doing("x-road-service");
      service = *std::move(parsed);
    } else if (equals_ignoring_case(name, kId)) {
      id = value;
    } else if (equals_ignoring_case(name, kRequestId)) {
      request_id = value;
    } else if (equals_ignoring_case(name, kRequestHash)) {
      request_hash = value;
    }
  }
  if (id.empty()) return malformed("a REST response lacks x-road-id");
  const auto hash = from_base64(request_hash);
  if (!hash || hash->empty()) return malformed("a REST response lacks x-road-request-hash, or it is no Base64");
  if (!*client || !service) return malformed("a REST response lacks x-road-client or x-road-service");
  return RestResponse{.status = status,
                      .reason = std::string(*reason),
                      .headers = *std::move(headers),
                      .client = **std::move(client),
                      .service = *std::move(service),
                      .id = std::move(id),
                      .request_id = std::move(request_id),
                      .request_hash = std::move(request_hash)};
}

RestResponse rest_response(int status, std::string reason, const net::Headers& headers, const RestRequest& request,
                           std::string request_id, std::string request_hash) {
  net::Headers kept;
  kept.reserve(headers.size() + kXRoadHeaders);
  for (const auto& [name, value] : headers)
    if (is_of_provider(name)) kept.add(name, value);
  return answer_to(request, status, std::move(reason), std::move(kept), std::move(request_id), std::move(request_hash));
}

Result<RestResponse> rest_response_from_http(const net::ResponseHead& http, const RestRequest& request,
                                             std::string request_id, std::string request_hash) {
  net::Headers kept;
  kept.reserve(http.headers.size() + kXRoadHeaders);
  for (const auto& [name, value] : http.headers) {
    if (auto good = check_http_header(name, value); !good) return good.error();
    if (is_of_provider(name)) kept.add(latin1_to_utf8(name), latin1_to_utf8(value));
  }
  if (!is_one_line(http.reason)) return malformed("the reason of an HTTP status holds a line end");
  return answer_to(request, http.status, latin1_to_utf8(http.reason), std::move(kept), std::move(request_id),
                   std::move(request_hash));
}

std::string rest_request_hash(ByteView head_digest, std::optional<ByteView> body_digest) {
  if (!body_digest) return to_base64(head_digest);
  pki::Hasher hasher(pki::DigestAlgorithm::sha512);
  hasher.update(head_digest);
  hasher.update(*body_digest);
  return to_base64(hasher.finish());
}

Result<void> check_consistent(const RestRequest& request, std::string_view request_hash, const RestResponse& response) {
  const auto differs = [](std::string_view what) {
    return fault(FaultCode::inconsistent_response,
                 "the response does not belong to the request: " + std::string(what) + " differs");
  };
  if (response.client != request.client) return differs("x-road-client");
  if (response.id != request.id) return differs("x-road-id");
  if (response.service != request.service) return differs("x-road-service");
  if (response.request_id != request.request_id) return differs("x-road-request-id");
  if (!same_hash(response.request_hash, request_hash)) return differs("x-road-request-hash");
  return {};
}

std::string filtered_head(const RestRequest& request) {
  std::string text;
  text.reserve(request.verb.size() + request.path.size() + 4 + size_of(request.headers));
  text.append(request.verb)
      .append("\r\n")
      .append(std::string_view(request.path).substr(0, request.path.size() - request.service_path.size()));
  text += "\r\n";
  append_xroad_headers(text, request.headers);
  return text;
}

std::string filtered_head(const RestResponse& response) {
  std::string text = status_lines(response, size_of(response.headers));
  append_xroad_headers(text, response.headers);
  return text;
}

std::string latin1_to_utf8(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const unsigned char octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      result += c;
    } else {
      result += static_cast<char>(0xc0 | octet >> 6);
      result += static_cast<char>(0x80 | (octet & 0x3f));
    }
  }
  return result;
}

std::string utf8_to_latin1(std::string_view text, char replacement) {
  if (is_ascii(text)) return std::string(text);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      result += text[i];
    } else if ((lead == 0xc2 || lead == 0xc3) && i + 1 < text.size()) {
      const unsigned char octet = static_cast<unsigned char>((lead & 3) << 6 | (text[++i] & 0x3f));
      result += octet < 0xa0 && replacement == '?' ? replacement : static_cast<char>(octet);
    } else if (lead >= 0xc0) {
      // Java counts characters beyond U+FFFF as two.
      result.append(lead >= 0xf0 ? 2 : 1, replacement);
      while (i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xc0) == 0x80) ++i;
    }
  }
  return result;
}

}  // namespace causeway::message
