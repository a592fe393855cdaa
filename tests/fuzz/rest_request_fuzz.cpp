// SPDX-License-Identifier: MIT
// HTTP heads of information systems with their X-Road headers. What the consumer's server
// takes, the provider's server reads, and reads the same.
#include <string>

#include "message/rest.hpp"
#include "net/http_parser.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;
using namespace causeway::message;
using fuzz::require;

void check_request(const net::RequestHead& http) {
  const auto request = rest_request_from_http(http, "DEV", "11111111-2222-4333-8444-555555555555");
  if (!request) {
    require(!request.error().code.empty());
    return;
  }
  const std::string head = request->head();
  const auto read = parse_rest_request(head);
  require(read.ok() && read->head() == head);
  require(read->client == request->client && read->service == request->service && read->id == request->id &&
          read->request_id == request->request_id && read->service_path == request->service_path &&
          read->query == request->query && read->security_server == request->security_server &&
          read->represented_party == request->represented_party);
  for (const auto& [name, value] : read->headers) require(!is_skipped_header(name));

  // The same headers as those of a service's answer.
  net::ResponseHead answer;
  answer.headers = http.headers;
  const auto response = rest_response_from_http(answer, *request, request->request_id, "AAAA");
  if (!response) return;
  const auto again = parse_rest_response(response->head());
  require(again.ok() == !request->id.empty());
  if (again) require(check_consistent(*request, "AAAA", *again).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input = fuzz::text_of(bytes, size);
  std::size_t from = 0;
  const auto end = net::find_head_end(input, from);
  net::ParsedRequest request;
  if (!end || net::parse_request_head(input.substr(0, *end), request)) return 0;
  check_request(request.head);
  return 0;
}
