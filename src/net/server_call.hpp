// SPDX-License-Identifier: MIT
// One request of a server connection and the answer to it.
#pragma once

#include <optional>
#include <string>

#include "net/http_connection.hpp"
#include "net/http_server.hpp"

namespace causeway::net {

// What stays the same for all calls of a connection.
struct ServerPeer {
  std::string address;
  bool tls = false;
  const std::vector<pki::Certificate>* certificates = nullptr;
};

class Exchange : public ServerCall {
 public:
  Exchange(HttpConnection& connection, ParsedRequest request, const ServerPeer& peer, bool keep_alive);

  const RequestHead& head() const override { return request_.head; }
  BodyReader& body() override { return body_; }
  const std::vector<pki::Certificate>& peer_certificates() const override { return *peer_.certificates; }
  bool is_tls() const override { return peer_.tls; }
  std::string peer_address() const override { return peer_.address; }
  Task<Result<BodyWriter*>> respond(ResponseHead head) override;
  Task<Result<void>> respond(ResponseHead head, ByteView body) override;
  void abort() override { aborted_ = true; }

  bool aborted() const { return aborted_; }
  bool responded() const { return writer_.has_value(); }
  // An answer was sent whole.
  bool complete() const { return !aborted_ && writer_ && writer_->finished(); }
  bool keeps_alive() const { return keep_alive_; }
  IncomingBody& incoming() { return body_; }

 private:
  Result<void> begin(ResponseHead head, std::optional<std::size_t> size);

  HttpConnection& connection_;
  ParsedRequest request_;
  const ServerPeer& peer_;
  bool keep_alive_;
  bool aborted_ = false;
  IncomingBody body_;
  std::optional<OutgoingBody> writer_;
};

// The whole answer to a request that could not be read.
std::string refusal_text(int status, std::string_view reason);

}  // namespace causeway::net
