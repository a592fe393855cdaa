// SPDX-License-Identifier: MIT
// The OCSP hand-over: what is asked for in a query, and what comes back for it. The input
// is a query, an empty line, and the body of an answer with boundary B.
#include <string>

#include "oracle.hpp"
#include "securityserver/transport/ocsp_exchange.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace causeway;
  using fuzz::require;
  const std::string_view input = fuzz::text_of(bytes, size);
  const std::size_t gap = std::min(input.find("\n\n"), input.size());

  net::RequestHead head;
  head.target = "/?" + std::string(input.substr(0, gap));
  const auto hashes = securityserver::requested_certificates(head);
  std::size_t asked = 0;
  for (const std::string& hash : hashes) asked += hash.size();
  require(asked <= head.target.size());
  // Asked again in the canonical form, they are the same.
  std::string query;
  for (const std::string& hash : hashes) query += (query.empty() ? "cert=" : "&cert=") + hash;
  head.target = "/?" + query;
  require(securityserver::requested_certificates(head) == hashes);

  const std::string_view body = input.substr(std::min(gap + 2, input.size()));
  for (const std::size_t expected : {std::size_t{1}, std::size_t{2}}) {
    const auto responses =
        securityserver::read_ocsp_responses("multipart/related; boundary=B", as_bytes(body), expected);
    if (!responses) continue;
    require(responses->size() == expected);
    std::size_t held = 0;
    for (const Bytes& response : *responses) held += response.size();
    require(held <= body.size());
  }
  return 0;
}
