// SPDX-License-Identifier: MIT
#include "net/client_call.hpp"

#include <charconv>
#include <optional>

#include "domain/fault_code.hpp"

namespace causeway::net {

namespace {

constexpr std::size_t kMaxHead = 64 * 1024 - 1;
constexpr int kMaxInterim = 20;

// Octets of a host that names itself by address stand in brackets when they have colons.
std::string host_header(const Endpoint& endpoint, bool tls) {
  std::string text = endpoint.host;
  if (text.find(':') != std::string::npos) text = "[" + text + "]";
  if (endpoint.port != (tls ? 443 : 80)) text += ":" + std::to_string(endpoint.port);
  return text;
}

bool usually_without_body(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS" || method == "TRACE";
}

Result<BodyFraming> request_framing(const RequestHead& head) {
  if (const std::string* text = head.headers.find("Content-Length")) {
    std::uint64_t length = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), length);
    if (failure != std::errc() || end != text->data() + text->size() || text->empty()) {
      return fault(FaultCode::internal_error, "invalid Content-Length in a request");
    }
    return BodyFraming{BodyFraming::Kind::length, length};
  }
  const bool chunked = head.headers.find("Transfer-Encoding") != nullptr || !usually_without_body(head.method);
  return BodyFraming{chunked ? BodyFraming::Kind::chunked : BodyFraming::Kind::none, 0};
}

class Call : public ClientCall {
 public:
  Call(std::unique_ptr<ClientConnection> connection, const std::shared_ptr<ConnectionPool>& pool)
      : connection_(std::move(connection)), pool_(pool), close_(pool == nullptr), reused_(connection_->used) {
    body_.emplace(connection_->http, BodyFraming{}, ChunkDecoder::LineEnds::lenient);
  }

  ~Call() override {
    body_->settle();
    if (!reusable()) {
      if (answered_whole()) connection_->http.stream->close_writing();
      return;
    }
    if (const auto pool = pool_.lock()) {
      connection_->used = true;
      pool->put(std::move(connection_));
    }
  }

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const std::vector<pki::Certificate>& peer_certificates() const override { return *connection_->peer_certificates; }
  bool reused() const override { return reused_; }
  const Endpoint& endpoint() const override { return connection_->endpoint; }
  BodyReader& body() override { return *body_; }
  bool stale() const override { return reused_ && !answer_began_ && connection_->http.stream->peer_left(); }

  Task<Result<BodyWriter*>> request(RequestHead head) override {
    if (writer_) co_return fault(FaultCode::internal_error, "a second request on one call");
    const auto framing = request_framing(head);
    if (!framing) co_return framing.error();
    if (const std::string* option = head.headers.find("Connection")) {
      close_ = close_ || equals_ignoring_case(*option, "close");
      head.headers.remove("Connection");
    }
    head.headers.remove("Transfer-Encoding");
    auto text = head_text(head, *framing);
    if (!text) co_return std::move(text).error();
    method_ = std::move(head.method);
    writer_.emplace(connection_->http, *std::move(text), *framing, false);
    co_return &*writer_;
  }

  Task<Result<ResponseHead>> response() override {
    if (!writer_) co_return fault(FaultCode::internal_error, "waiting for the answer to no request");
    if (answered_) co_return fault(FaultCode::internal_error, "a second answer to one request");
    for (int interim = 0; interim < kMaxInterim; ++interim) {
      ParsedResponse parsed;
      if (auto read = co_await read_head(parsed); !read) co_return std::move(read).error();
      if (parsed.head.status == 101) co_return fault(FaultCode::io_error, "the server switched protocols unasked");
      if (parsed.head.status < 200) continue;
      answered_ = true;
      keep_alive_ = parsed.keep_alive;
      body_.emplace(connection_->http, parsed.body, ChunkDecoder::LineEnds::lenient);
      co_return std::move(parsed.head);
    }
    co_return fault(FaultCode::io_error, "the server sent too many interim responses");
  }

 private:
  Result<std::string> head_text(const RequestHead& head, const BodyFraming& framing) const {
    const bool target_fits =
        !head.target.empty() && head.target.find_first_of(std::string_view("\0\t\r\n ", 5)) == std::string::npos;
    if (!is_token(head.method) || !target_fits) {
      return fault(FaultCode::internal_error, "a request has a method or target that cannot be sent");
    }
    std::string text;
    text.reserve(512);
    text.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    if (head.headers.find("Host") == nullptr) {
      text.append("Host: ").append(host_header(connection_->endpoint, connection_->tls != nullptr)).append("\r\n");
    }
    if (!append_headers(text, head.headers)) {
      return fault(FaultCode::internal_error, "a request has a header that cannot be sent");
    }
    if (framing.kind == BodyFraming::Kind::chunked) text.append("Transfer-Encoding: chunked\r\n");
    if (close_) text.append("Connection: close\r\n");
    text.append("\r\n");
    return text;
  }

  Task<Result<void>> read_head(ParsedResponse& into) {
    InputBuffer& input = connection_->http.input;
    std::size_t scanned = 0;
    for (;;) {
      const std::string_view data = input.data();
      answer_began_ = answer_began_ || !data.empty();
      const auto end = find_head_end(data, scanned);
      if (end.value_or(data.size()) >= kMaxHead)
        co_return fault(FaultCode::io_error, "the answer has too many headers");
      if (end) {
        if (auto refused = parse_response_head(data.substr(0, *end), method_, into)) {
          co_return fault(FaultCode::io_error, "malformed answer: " + refused->text);
        }
        input.take(*end);
        co_return Result<void>{};
      }
      const auto size = co_await input.fill(*connection_->http.stream);
      if (!size) co_return size.error();
      if (*size == 0) co_return fault(FaultCode::io_error, "the server closed the connection without an answer");
    }
  }

  bool answered_whole() const { return answered_ && body_->done(); }

  bool reusable() const {
    return answered_whole() && keep_alive_ && !close_ && writer_ && writer_->finished() &&
           connection_->http.input.empty();
  }

  std::unique_ptr<ClientConnection> connection_;
  std::weak_ptr<ConnectionPool> pool_;
  bool close_;
  bool reused_;
  bool answer_began_ = false;
  bool answered_ = false;
  bool keep_alive_ = false;
  std::string method_;
  std::optional<OutgoingBody> writer_;
  std::optional<IncomingBody> body_;
};

}  // namespace

std::unique_ptr<ClientCall> make_client_call(std::unique_ptr<ClientConnection> connection,
                                             const std::shared_ptr<ConnectionPool>& pool) {
  return std::make_unique<Call>(std::move(connection), pool);
}

}  // namespace causeway::net
