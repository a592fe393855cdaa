// SPDX-License-Identifier: MIT
#include "net/server_call.hpp"

#include <charconv>
#include <ctime>

#include "domain/fault_code.hpp"

namespace causeway::net {

namespace {

// "Date: Sun, 06 Nov 1994 08:49:37 GMT", made once a second.
std::string_view date_line() {
  thread_local std::time_t made_at = 0;
  thread_local std::string line;
  const std::time_t seconds = std::time(nullptr);
  if (seconds == made_at) return line;
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const int size = std::snprintf(text, sizeof text, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                                 kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon], parts.tm_year + 1900,
                                 parts.tm_hour, parts.tm_min, parts.tm_sec);
  line.assign(text, static_cast<std::size_t>(size));
  made_at = seconds;
  return line;
}

void append_status_line(std::string& into, int status, std::string_view reason) {
  into.append("HTTP/1.1 ").append(std::to_string(status)).append(" ");
  into.append(reason.empty() ? standard_reason(status) : reason).append("\r\n");
}

Result<std::optional<std::uint64_t>> announced_length(const Headers& headers) {
  const std::string* text = headers.find("Content-Length");
  if (text == nullptr) return std::optional<std::uint64_t>();
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (failure != std::errc() || end != text->data() + text->size() || text->empty()) {
    return fault(FaultCode::internal_error, "invalid Content-Length in an answer");
  }
  return std::optional(length);
}

}  // namespace

Exchange::Exchange(HttpConnection& connection, ParsedRequest request, const ServerPeer& peer, bool keep_alive)
    : connection_(connection),
      request_(std::move(request)),
      peer_(peer),
      keep_alive_(keep_alive && request_.keep_alive),
      body_(connection, request_.body, ChunkDecoder::LineEnds::strict) {
  if (request_.expects_continue && !body_.done() && connection_.input.empty()) body_.send_continue_first();
}

// `size`: of the whole body, when it is known without a header.
Result<void> Exchange::begin(ResponseHead head, std::optional<std::size_t> size) {
  if (writer_) return fault(FaultCode::internal_error, "a second answer to one request");
  const int status = head.status;
  if (status < 200 || status > 999 || !is_field_value(head.reason)) {
    return fault(FaultCode::internal_error, "invalid status line in an answer");
  }
  if (size && head.headers.find("Content-Length") == nullptr && status != 204) {
    head.headers.add("Content-Length", std::to_string(*size));
  }
  const auto length = announced_length(head.headers);
  if (!length) return length.error();
  if (const std::string* connection = head.headers.find("Connection")) {
    if (equals_ignoring_case(*connection, "close")) keep_alive_ = false;
    head.headers.remove("Connection");
  }
  head.headers.remove("Transfer-Encoding");

  const bool bodiless = request_.head.method == "HEAD" || status == 204 || status == 304;
  BodyFraming framing;
  if (bodiless) {
    framing.kind = BodyFraming::Kind::none;
  } else if (*length) {
    framing = {BodyFraming::Kind::length, **length};
  } else {
    framing.kind = request_.http10 ? BodyFraming::Kind::until_close : BodyFraming::Kind::chunked;
  }
  if (framing.kind == BodyFraming::Kind::until_close) keep_alive_ = false;
  // Whether the body follows that was announced with "Expect" is not known.
  if (body_.continue_unsent()) keep_alive_ = false;

  std::string text;
  text.reserve(512);
  append_status_line(text, status, head.reason);
  if (!append_headers(text, head.headers)) {
    return fault(FaultCode::internal_error, "an answer has a header that cannot be sent");
  }
  if (head.headers.find("Date") == nullptr) text.append(date_line());
  if (framing.kind == BodyFraming::Kind::chunked) text.append("Transfer-Encoding: chunked\r\n");
  if (!keep_alive_) {
    text.append("Connection: close\r\n");
  } else if (request_.http10) {
    text.append("Connection: keep-alive\r\n");
  }
  text.append("\r\n");
  writer_.emplace(connection_, std::move(text), framing, bodiless);
  return {};
}

Task<Result<BodyWriter*>> Exchange::respond(ResponseHead head) {
  if (auto begun = begin(std::move(head), std::nullopt); !begun) co_return begun.error();
  co_return &*writer_;
}

Task<Result<void>> Exchange::respond(ResponseHead head, ByteView body) {
  if (auto begun = begin(std::move(head), body.size()); !begun) co_return begun;
  co_return co_await writer_->finish_with(body);
}

std::string refusal_text(int status, std::string_view reason) {
  std::string page;
  page.append("<html><body><h1>").append(std::to_string(status)).append(" ").append(standard_reason(status));
  page.append("</h1><p>").append(reason).append("</p></body></html>\n");
  std::string text;
  append_status_line(text, status, {});
  text.append(date_line());
  text.append("Content-Type: text/html; charset=utf-8\r\nContent-Length: ").append(std::to_string(page.size()));
  text.append("\r\nConnection: close\r\n\r\n").append(page);
  return text;
}

}  // namespace causeway::net
