// SPDX-License-Identifier: MIT
// MIME multipart (RFC 2046) as it streams between Security Servers and information
// systems: a push parser that never holds more than a part's headers, and a writer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"

namespace causeway::message {

// Limits of mime4j (messages.md section 10), and one on all headers of a part together,
// in octets.
struct MultipartLimits {
  std::size_t max_header_line = 1000;
  std::size_t max_header = 10000;
  std::size_t max_header_count = 1000;
  std::size_t max_headers = 256 * 1024;
};

// Told of what the parser finds; a Fault stops the parse and is returned by feed().
class MultipartHandler {
 public:
  virtual ~MultipartHandler() = default;
  virtual Result<void> part_begin(const net::Headers& headers) = 0;
  virtual Result<void> part_data(ByteView bytes) = 0;
  virtual Result<void> part_end() = 0;
};

// Takes any header case and boundary, bare-LF delimiter lines, a preamble, an epilogue
// and a missing end delimiter, as Java does (messages.md 4.4). Bytes of a part are
// handed over exactly as transported.
class MultipartParser {
 public:
  MultipartParser(std::string_view boundary, MultipartHandler& handler, MultipartLimits limits = {});
  ~MultipartParser();

  Result<void> feed(ByteView bytes);  // mime_parsing_failed, or the handler's fault
  // The input has ended. Ends an open part when no end delimiter came.
  Result<void> end();
  // Whether the closing delimiter was seen.
  bool closed() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The octets around parts, as Java's MultipartEncoder writes them (messages.md 4.4).
class MultipartWriter {
 public:
  explicit MultipartWriter(std::string boundary) : boundary_(std::move(boundary)) {}
  const std::string& boundary() const { return boundary_; }

  // Delimiter and headers of the next part; its bytes follow as they are.
  std::string part(std::string_view content_type, const net::Headers& more = {});
  std::string end();  // also when there was no part

 private:
  std::string boundary_;
  bool first_ = true;
};

std::string top_boundary();     // "xtop" and 30 letters
std::string nested_boundary();  // "xatt" and 30 letters
std::string mixed_content_type(std::string_view boundary);

}  // namespace causeway::message
