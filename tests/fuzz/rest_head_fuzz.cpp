// SPDX-License-Identifier: MIT
// REST heads of other servers: writing what was read, and reading that, changes nothing.
#include <cstdint>
#include <cstdlib>

#include "message/rest.hpp"

namespace {

using namespace causeway::message;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (const auto request = parse_rest_request(input)) {
    const std::string head = request->head();
    const auto again = parse_rest_request(head);
    require(again.ok() && again->head() == head);
    require(again->client == request->client && again->service == request->service && again->id == request->id);
    require(request->path.ends_with(request->service_path));
    require(parse_rest_request(filtered_head(*request)).ok());
    const auto response = rest_response(200, "OK", request->headers, *request, request->request_id, "AAAA");
    const auto read = parse_rest_response(response.head());
    // An empty id is forwarded, and refused in the answer.
    require(read.ok() == !request->id.empty());
    if (read) require(check_consistent(*request, "AAAA", *read).ok());
  }
  if (const auto response = parse_rest_response(input)) {
    const std::string head = response->head();
    const auto again = parse_rest_response(head);
    require(again.ok() && again->head() == head);
    require(utf8_to_latin1(latin1_to_utf8(head), ' ') == head);
  }
  return 0;
}
