// SPDX-License-Identifier: MIT
// What a load generator has to know of an HTTP/1.1 response: its status, where it ends,
// and whether the connection can be used again. Nothing is kept of the body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::bench {

class ResponseReader {
 public:
  enum class State { more, done, broken };

  // Octets as they came. Octets after the end of the response are "broken": none were asked for.
  State read(std::string_view octets);
  // The other side has ended the connection: done for a response that ends so.
  State ended() const;
  // For the next response of the same connection.
  void reset();

  int status() const { return status_; }
  std::uint64_t body_octets() const { return body_octets_; }
  // The connection ends after this response.
  bool closes() const { return closes_; }

 private:
  enum class Part { head, sized, until_end, chunk_size, chunk, chunk_end, trailers, done, broken };

  void take_head();
  void take_field(std::string_view name, std::string_view value);
  void read_body(std::string_view& octets);
  // One line without its end into line_; false when more is needed.
  bool take_line(std::string_view& octets);
  void take_chunk_size();

  Part part_ = Part::head;
  std::string head_, line_;
  int status_ = 0;
  bool closes_ = false, chunked_ = false, sized_ = false;
  std::uint64_t left_ = 0;  // of the body, or of its chunk
  std::uint64_t body_octets_ = 0;
};

}  // namespace causeway::bench
