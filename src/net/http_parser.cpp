// SPDX-License-Identifier: MIT
#include "net/http_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace causeway::net {

namespace {

constexpr std::size_t kMaxHeaders = 1000;
constexpr std::size_t kMaxChunkExtension = 1024;
constexpr std::size_t kMaxTrailer = 8192;

using Table = std::array<bool, 256>;

constexpr Table token_table() {
  Table table{};
  for (const char c :
       std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

// What may stand in a field value: everything but controls, tab excepted.
constexpr Table value_table() {
  Table table{};
  for (unsigned c = 0x20; c < 256; ++c) table[c] = c != 0x7f;
  table['\t'] = true;
  return table;
}

constexpr Table kToken = token_table();
constexpr Table kValue = value_table();

bool all_of(std::string_view text, const Table& table) {
  return std::all_of(text.begin(), text.end(), [&table](char c) { return table[static_cast<unsigned char>(c)]; });
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

HeadFault bad(std::string text, int status = 400) { return {status, std::move(text)}; }

enum class Reading { strict, lenient };

// Splits off one line, without its end. Empty when it ends in a way `reading` refuses.
std::optional<std::string_view> take_line(std::string_view& rest, Reading reading) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  } else if (reading == Reading::strict) {
    return std::nullopt;
  }
  return line;
}

// What the headers say about framing and the connection, collected while they pass.
struct Framing {
  unsigned lengths = 0;
  unsigned encodings = 0;
  unsigned hosts = 0;
  std::uint64_t length = 0;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
  bool expects_continue = false;
};

std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void note_connection(std::string_view value, Framing& framing) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trimmed(value.substr(0, comma));
    if (equals_ignoring_case(option, "close")) framing.close = true;
    if (equals_ignoring_case(option, "keep-alive")) framing.keep_alive = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

std::optional<HeadFault> note_length(std::string_view value, Framing& framing, Reading reading) {
  const auto length = parse_length(value);
  if (!length) return bad("invalid Content-Length");
  if (framing.lengths > 0 && (reading == Reading::strict || *length != framing.length)) {
    return bad("repeated Content-Length");
  }
  ++framing.lengths;
  framing.length = *length;
  return std::nullopt;
}

std::optional<HeadFault> note_framing(std::string_view name, std::string_view value, Framing& framing,
                                      Reading reading) {
  switch (name.size()) {
    case 4:
      if (equals_ignoring_case(name, "Host")) ++framing.hosts;
      break;
    case 6:
      if (equals_ignoring_case(name, "Expect")) {
        framing.expects_continue = equals_ignoring_case(value, "100-continue");
        if (!framing.expects_continue && reading == Reading::strict) return bad("unknown expectation", 417);
      }
      break;
    case 10:
      if (equals_ignoring_case(name, "Connection")) note_connection(value, framing);
      break;
    case 14:
      if (equals_ignoring_case(name, "Content-Length")) return note_length(value, framing, reading);
      break;
    case 17:
      if (equals_ignoring_case(name, "Transfer-Encoding")) {
        if (++framing.encodings > 1) return bad("repeated Transfer-Encoding");
        framing.chunked = equals_ignoring_case(value, "chunked");
        if (!framing.chunked) return bad("unknown transfer coding", 501);
      }
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<HeadFault> parse_header_lines(std::string_view rest, Headers& headers, Framing& framing,
                                            Reading reading) {
  headers.reserve(16);
  std::string unfolded;
  for (;;) {
    auto line = take_line(rest, reading);
    if (!line) return bad("malformed line end");
    if (line->empty()) return rest.empty() ? std::nullopt : std::optional(bad("octets after the head"));
    // A line that goes on in the next one; only answers of old servers are read so.
    if (!rest.empty() && is_blank(rest.front())) {
      if (reading == Reading::strict) return bad("folded header line");
      unfolded = *line;
      while (!rest.empty() && is_blank(rest.front())) {
        const auto more = take_line(rest, reading);
        if (!more) return bad("malformed line end");
        unfolded.append(" ").append(trimmed(*more));
      }
      line = unfolded;
    }
    const std::size_t colon = line->find(':');
    if (colon == std::string_view::npos) return bad("header line without a colon");
    const std::string_view name = line->substr(0, colon);
    const std::string_view value = trimmed(line->substr(colon + 1));
    if (!is_token(name)) return bad("invalid header name");
    if (!is_field_value(value)) return bad("invalid character in a header value");
    if (headers.size() == kMaxHeaders) return bad("too many headers", 431);
    if (auto fault = note_framing(name, value, framing, reading)) return fault;
    headers.add(std::string(name), std::string(value));
  }
}

// HTTP/1.1 and later minor versions read as 1.1.
std::optional<HeadFault> parse_version(std::string_view text, bool& http10) {
  if (text.size() != 8 || !text.starts_with("HTTP/") || text[6] != '.' || text[5] < '0' || text[5] > '9' ||
      text[7] < '0' || text[7] > '9') {
    return bad("malformed HTTP version");
  }
  if (text[5] != '1') return bad("unsupported HTTP version", 505);
  http10 = text[7] == '0';
  return std::nullopt;
}

std::optional<HeadFault> parse_request_line(std::string_view line, ParsedRequest& into) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("malformed request line");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(method)) return bad("malformed method");
  if (auto fault = parse_version(line.substr(last + 1), into.http10)) return fault;
  const bool printable = std::all_of(target.begin(), target.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > 0x20 && octet != 0x7f;
  });
  if (target.empty() || !printable) return bad("malformed request target");
  into.head.method = method;
  into.head.target = target;
  return std::nullopt;
}

std::optional<HeadFault> parse_status_line(std::string_view line, ParsedResponse& into) {
  if (line.size() < 12 || line[8] != ' ') return bad("malformed status line");
  if (auto fault = parse_version(line.substr(0, 8), into.http10)) return fault;
  const std::string_view code = line.substr(9, 3);
  if (!std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; }) || code[0] == '0' ||
      (line.size() > 12 && line[12] != ' ')) {
    return bad("malformed status code");
  }
  into.head.status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  if (line.size() > 13) into.head.reason = line.substr(13);
  if (!is_field_value(into.head.reason)) return bad("invalid character in the status line");
  return std::nullopt;
}

bool keeps_alive(bool http10, const Framing& framing) {
  if (framing.close) return false;
  return !http10 || framing.keep_alive;
}

}  // namespace

bool is_token(std::string_view text) { return !text.empty() && all_of(text, kToken); }

bool is_field_value(std::string_view text) { return all_of(text, kValue); }

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t& from) {
  std::size_t at = from;
  for (;;) {
    const std::size_t line_end = bytes.find('\n', at);
    if (line_end == std::string_view::npos) {
      from = bytes.size();
      return std::nullopt;
    }
    const std::string_view next = bytes.substr(line_end + 1, 2);
    if (next.starts_with('\n')) return line_end + 2;
    if (next == "\r\n") return line_end + 3;
    if (next.empty() || next == "\r") {
      from = line_end;
      return std::nullopt;
    }
    at = line_end + 1;
  }
}

std::optional<HeadFault> parse_request_head(std::string_view head, ParsedRequest& into) {
  const auto line = take_line(head, Reading::strict);
  if (!line) return bad("malformed line end");
  if (auto fault = parse_request_line(*line, into)) return fault;
  Framing framing;
  if (auto fault = parse_header_lines(head, into.head.headers, framing, Reading::strict)) return fault;
  if (framing.hosts > 1 || (framing.hosts == 0 && !into.http10)) return bad("exactly one Host header is required");
  if (framing.encodings > 0 && framing.lengths > 0) return bad("both Content-Length and Transfer-Encoding");
  if (framing.encodings > 0 && into.http10) return bad("Transfer-Encoding in HTTP/1.0");
  into.keep_alive = keeps_alive(into.http10, framing);
  into.expects_continue = framing.expects_continue && !into.http10;
  if (framing.chunked) {
    into.body.kind = BodyFraming::Kind::chunked;
  } else if (framing.length > 0) {
    into.body = {BodyFraming::Kind::length, framing.length};
  }
  return std::nullopt;
}

std::optional<HeadFault> parse_response_head(std::string_view head, std::string_view request_method,
                                             ParsedResponse& into) {
  const auto line = take_line(head, Reading::lenient);
  if (!line) return bad("malformed line end");
  if (auto fault = parse_status_line(*line, into)) return fault;
  Framing framing;
  if (auto fault = parse_header_lines(head, into.head.headers, framing, Reading::lenient)) return fault;
  into.keep_alive = keeps_alive(into.http10, framing);
  const int status = into.head.status;
  if (request_method == "HEAD" || status / 100 == 1 || status == 204 || status == 304) return std::nullopt;
  if (framing.chunked) {
    into.body.kind = BodyFraming::Kind::chunked;
    // Two lengths: the coding counts, but where the next message starts is not certain.
    if (framing.lengths > 0) into.keep_alive = false;
  } else if (framing.lengths > 0) {
    into.body = {BodyFraming::Kind::length, framing.length};
  } else {
    into.body.kind = BodyFraming::Kind::until_close;
    into.keep_alive = false;
  }
  return std::nullopt;
}

bool ChunkDecoder::take_size_digit(char c) {
  unsigned digit = 0;
  if (c >= '0' && c <= '9') {
    digit = static_cast<unsigned>(c - '0');
  } else if (c >= 'a' && c <= 'f') {
    digit = static_cast<unsigned>(c - 'a') + 10;
  } else if (c >= 'A' && c <= 'F') {
    digit = static_cast<unsigned>(c - 'A') + 10;
  } else {
    return false;
  }
  left_ = left_ * 16 + digit;
  return ++digits_ <= 15;
}

bool ChunkDecoder::take_line_end(char c, State next) {
  if (c == '\r' && !after_cr_) {
    after_cr_ = true;
    return true;
  }
  if (c != '\n' || (!after_cr_ && line_ends_ == LineEnds::strict)) return false;
  after_cr_ = false;
  state_ = next;
  return true;
}

// One octet of anything but data.
bool ChunkDecoder::take(char c) {
  switch (state_) {
    case State::size:
      if (!after_cr_ && take_size_digit(c)) return true;
      if (digits_ == 0 || digits_ > 15) return false;
      line_length_ = 0;
      if (c == ';' || (is_blank(c) && line_ends_ == LineEnds::lenient)) {
        if (after_cr_) return false;
        state_ = State::extension;
        return true;
      }
      return take_line_end(c, left_ == 0 ? State::trailer_start : State::data);
    case State::extension:
      if (!after_cr_ && kValue[static_cast<unsigned char>(c)]) return ++line_length_ <= kMaxChunkExtension;
      return take_line_end(c, left_ == 0 ? State::trailer_start : State::data);
    case State::data_end:
      digits_ = 0;
      left_ = 0;
      return take_line_end(c, State::size);
    case State::trailer_start:
      if (c == '\r' || c == '\n') return take_line_end(c, State::done);
      if (after_cr_ || !kToken[static_cast<unsigned char>(c)]) return false;
      state_ = State::trailer;
      return ++trailer_length_ <= kMaxTrailer;
    case State::trailer:
      if (!after_cr_ && kValue[static_cast<unsigned char>(c)]) return ++trailer_length_ <= kMaxTrailer;
      return take_line_end(c, State::trailer_start);
    case State::data:
    case State::done:
      break;
  }
  return false;
}

std::optional<ChunkDecoder::Step> ChunkDecoder::decode(std::string_view input) {
  Step step;
  while (step.consumed < input.size() && state_ != State::done) {
    if (state_ != State::data) {
      if (!take(input[step.consumed])) return std::nullopt;
      ++step.consumed;
      continue;
    }
    step.data = input.substr(step.consumed, left_);
    step.consumed += step.data.size();
    left_ -= step.data.size();
    if (left_ == 0) state_ = State::data_end;
    break;
  }
  return step;
}

std::string_view standard_reason(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

bool append_headers(std::string& into, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_token(name) || !is_field_value(value)) return false;
    into.append(name).append(": ").append(value).append("\r\n");
  }
  return true;
}

void append_chunk_size(std::string& into, std::size_t size) {
  std::array<char, 16> digits;
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16);
  into.append(digits.data(), end).append("\r\n");
}

}  // namespace causeway::net
