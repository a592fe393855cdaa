// SPDX-License-Identifier: MIT
// Identifiers, addresses and queries as texts, one per input: what is read can be written,
// and reading that gives the same.
#include <string>

#include "base/utf8.hpp"
#include "domain/identifiers.hpp"
#include "message/metadata.hpp"
#include "message/uri.hpp"
#include "net/http_client.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;
using fuzz::require;

template <class Id>
void check_rest_form(std::string_view text) {
  const auto id = Id::parse_rest(text);
  if (!id) return;
  const auto again = Id::parse_rest(id->to_rest());
  require(again.ok() && *again == *id);
  require(message::is_uri_path("/" + id->to_rest()));
}

void check_address(std::string_view text) {
  const auto url = net::Url::parse(text);
  if (!url) return;
  require(!url->endpoint.host.empty() && url->endpoint.port != 0 && url->target.starts_with('/'));
  const bool bracketed = url->endpoint.host.find(':') != std::string::npos;
  const std::string host = bracketed ? "[" + url->endpoint.host + "]" : url->endpoint.host;
  const std::string written =
      (url->tls ? "https://" : "http://") + host + ":" + std::to_string(url->endpoint.port) + url->target;
  const auto again = net::Url::parse(written);
  require(again.ok() && again->tls == url->tls && again->endpoint == url->endpoint && again->target == url->target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(fuzz::text_of(bytes, size));
  check_rest_form<ClientId>(text);
  check_rest_form<ServiceId>(text);
  check_rest_form<ServerId>(text);
  if (const auto client = ClientId::parse(text)) require(*ClientId::parse(client->to_string()) == *client);
  if (const auto server = ServerId::parse(text)) require(*ServerId::parse(server->to_string()) == *server);
  if (const auto part = decode_identifier_part(text))
    require(*decode_identifier_part(encode_identifier_part(*part)) == *part);
  if (is_utf8(text)) require(*decode_identifier_part(encode_identifier_part(text)) == text);
  check_address(text);
  if (message::is_uri_path(text)) require(message::is_uri(text) && is_utf8(text));
  (void)message::openapi_service_code(text);
  return 0;
}
