// SPDX-License-Identifier: MIT
// Heads of requests and responses and the chunked coding, from whoever connects.
#include <cstdint>
#include <cstdlib>

#include "net/http_date.hpp"
#include "net/http_parser.hpp"

namespace {

using causeway::net::ChunkDecoder;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string decode(std::string_view input, std::size_t step, ChunkDecoder::LineEnds ends, bool& refused) {
  ChunkDecoder decoder(ends);
  std::string data;
  while (!input.empty() && !decoder.done()) {
    const auto piece = decoder.decode(input.substr(0, step));
    if (!piece) {
      refused = true;
      return data;
    }
    require(piece->consumed > 0 && piece->consumed <= input.size());
    data += piece->data;
    input.remove_prefix(piece->consumed);
  }
  return data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);

  // The end of a head is the same however it arrives.
  std::size_t from = 0;
  const auto end = causeway::net::find_head_end(input, from);
  std::size_t stepwise = 0;
  std::optional<std::size_t> found;
  for (std::size_t length = 0; length <= size && !found && size < 2000; ++length) {
    found = causeway::net::find_head_end(input.substr(0, length), stepwise);
  }
  if (size < 2000) require(found == end);

  const std::string_view head = input.substr(0, end.value_or(size));
  causeway::net::ParsedRequest request;
  if (!causeway::net::parse_request_head(head, request)) {
    // What was accepted can be written again, and then reads the same.
    std::string text =
        request.head.method + " " + request.head.target + (request.http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    require(causeway::net::append_headers(text, request.head.headers));
    text += "\r\n";
    causeway::net::ParsedRequest again;
    require(!causeway::net::parse_request_head(text, again));
    require(again.head.target == request.head.target && again.body.length == request.body.length &&
            again.keep_alive == request.keep_alive && again.head.headers.size() == request.head.headers.size());
  }
  causeway::net::ParsedResponse response;
  (void)causeway::net::parse_response_head(head, "GET", response);
  if (const std::string* const date = response.head.headers.find("Date")) (void)causeway::net::read_http_date(*date);
  (void)causeway::net::read_http_date(input);

  for (const auto ends : {ChunkDecoder::LineEnds::strict, ChunkDecoder::LineEnds::lenient}) {
    bool refused_whole = false, refused_octets = false;
    const std::string whole = decode(input, size, ends, refused_whole);
    require(decode(input, 1, ends, refused_octets) == whole && refused_whole == refused_octets);
  }
  return 0;
}
