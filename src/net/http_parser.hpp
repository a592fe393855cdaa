// SPDX-License-Identifier: MIT
// HTTP/1.1 syntax (RFC 9112) without I/O: heads of requests and responses, the chunked
// coding, and writing them.
//
// Requests are read strictly, because whoever stands in front of us must see the same
// messages as we do: anything two readers could take differently is refused. Responses
// are read as leniently as usual clients do (bare LF, folded lines).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace causeway::net {

struct BodyFraming {
  enum class Kind { none, length, chunked, until_close };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

struct ParsedRequest {
  RequestHead head;
  bool http10 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  BodyFraming body;
};

struct ParsedResponse {
  ResponseHead head;
  bool http10 = false;
  bool keep_alive = true;
  BodyFraming body;
};

// Why a head is refused, and the status to refuse a request with.
struct HeadFault {
  int status = 400;
  std::string text;
};

// Octets of `bytes` up to and with the empty line that ends a head. Looks at nothing
// before `from` again; sets it to where to go on when more has come.
std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t& from);

// `head` as delimited by find_head_end. Nothing in case of success.
std::optional<HeadFault> parse_request_head(std::string_view head, ParsedRequest& into);
// `request_method` tells whether the response has a body.
std::optional<HeadFault> parse_response_head(std::string_view head, std::string_view request_method,
                                             ParsedResponse& into);

class ChunkDecoder {
 public:
  enum class LineEnds { strict, lenient };
  explicit ChunkDecoder(LineEnds line_ends = LineEnds::strict) : line_ends_(line_ends) {}

  struct Step {
    std::size_t consumed = 0;  // of the input, the data included
    std::string_view data;     // inside the input
  };
  // Takes input up to the end of the next piece of data, or all of it. Empty when the
  // coding is broken. Nothing is taken after the last trailer line.
  std::optional<Step> decode(std::string_view input);
  bool done() const { return state_ == State::done; }

 private:
  enum class State { size, extension, data, data_end, trailer_start, trailer, done };
  bool take_size_digit(char c);
  bool take_line_end(char c, State next);
  bool take(char c);

  LineEnds line_ends_;
  State state_ = State::size;
  bool after_cr_ = false;
  unsigned digits_ = 0;
  std::size_t line_length_ = 0;
  std::size_t trailer_length_ = 0;
  std::uint64_t left_ = 0;
};

bool is_token(std::string_view text);
// False for what would break out of its line.
bool is_field_value(std::string_view text);
std::string_view standard_reason(int status);

// Lines of a head. False when a name or value cannot stand in one.
bool append_headers(std::string& into, const Headers& headers);
void append_chunk_size(std::string& into, std::size_t size);

}  // namespace causeway::net
