// SPDX-License-Identifier: MIT
// TLS over a Transport. OpenSSL never touches the socket: it reads from one buffer and
// writes to another, and what is between buffer and socket is awaited here.
#pragma once

#include <memory>
#include <string>

#include "net/pieces.hpp"
#include "net/tls_peer.hpp"
#include "net/transport.hpp"

namespace causeway::net {

class TlsStream : public Stream {
 public:
  static std::unique_ptr<TlsStream> server(Transport::Socket socket, std::shared_ptr<const TlsServerContext> context);
  // `endpoint` finds the session to resume; `server_name` is sent as SNI unless empty.
  static std::unique_ptr<TlsStream> client(Transport::Socket socket, std::shared_ptr<const TlsClientContext> context,
                                           std::string endpoint, const std::string& server_name);
  ~TlsStream() override;

  // ssl_authentication_failed, or the fault of the PeerCheck.
  Task<Result<void>> handshake();
  // Leaf first; lives as long as the stream.
  const Certificates& peer_certificates() const { return *peer_.chain; }
  bool resumed() const;

  using Stream::write;
  Task<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override;
  Task<Result<void>> write(std::span<const ByteView> pieces) override;
  Task<Result<std::size_t>> read_into(ReadMemory& memory) override;
  void set_idle_time(std::chrono::milliseconds time) override { transport_.set_idle_time(time); }
  void set_deadline(std::chrono::steady_clock::time_point at) override { transport_.set_deadline(at); }
  bool peer_left() const override { return ended_ || transport_.peer_left(); }
  bool quiet() override;
  void close_writing() override;
  void cut() override { transport_.cut(); }
  Task<void> linger(std::size_t limit, std::chrono::milliseconds time) override {
    return transport_.linger(limit, time);
  }

 private:
  TlsStream(Transport::Socket socket, std::shared_ptr<const void> context, SSL_CTX* handle);
  Result<void> receive();
  void keep_received();
  Task<Result<void>> flush();
  Result<void> encrypt(Pieces& pieces);
  bool has_input() const;
  Result<std::size_t> decrypt(std::span<std::uint8_t> into);
  Result<void> adopt_resumed_peer();
  Fault tls_fault(const char* doing) const;

  static const BIO_METHOD* bio_method();
  static int bio_read(BIO* bio, char* into, int size);
  static int bio_write(BIO* bio, const char* from, int size);
  static long bio_control(BIO* bio, int command, long, void*);

  Transport transport_;
  std::shared_ptr<const void> context_;
  TlsPeer peer_;
  SslPtr ssl_;
  // From the network, not yet read by OpenSSL: in memory that the connections of the thread
  // share, which stays in its cache, or in what had to be kept of it.
  ByteView received_;
  Bytes kept_;
  Bytes outgoing_;  // from OpenSSL
  Bytes sending_;   // while the network takes it; reading may add to outgoing_ meanwhile
  bool ended_ = false;
  bool cut_ = false;         // it ended without a farewell
  bool broken_ = false;      // nothing can be read or written any more
  bool unwritable_ = false;  // a write failed; what the peer said before may be read
};

}  // namespace causeway::net
