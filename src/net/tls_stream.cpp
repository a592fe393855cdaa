// SPDX-License-Identifier: MIT
#include "net/tls_stream.hpp"

#include <algorithm>
#include <cstring>

namespace causeway::net {

namespace {

// A record with its overhead, or several small ones.
constexpr std::size_t kReceiveSize = 20 * 1024;
// Handed to the kernel at once.
constexpr std::size_t kSendSize = 64 * 1024;
// What reading may add (answers to key updates) before the next write carries it away.
constexpr std::size_t kMaxUnsent = 256 * 1024;

// Nothing stays in it while a coroutine waits.
std::span<std::uint8_t> shared_memory() {
  static thread_local const auto memory = std::make_unique_for_overwrite<std::uint8_t[]>(kReceiveSize);
  return {memory.get(), kReceiveSize};
}

// A buffer for what is sent, which the connections of a thread use in turn.
Bytes& spare_buffer() {
  static thread_local Bytes buffer;
  return buffer;
}

// What goes into one record, put together: nothing stays in it while a coroutine waits.
std::span<std::uint8_t> record_memory() {
  static thread_local const auto memory = std::make_unique_for_overwrite<std::uint8_t[]>(SSL3_RT_MAX_PLAIN_LENGTH);
  return {memory.get(), SSL3_RT_MAX_PLAIN_LENGTH};
}

class GivenMemory final : public ReadMemory {
 public:
  explicit GivenMemory(std::span<std::uint8_t> bytes) : bytes_(bytes) {}
  std::span<std::uint8_t> room() override { return bytes_; }

 private:
  std::span<std::uint8_t> bytes_;
};

bool is_alert(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) >= SSL_AD_REASON_OFFSET;
}

}  // namespace

TlsStream::TlsStream(Transport::Socket socket, std::shared_ptr<const void> context, SSL_CTX* handle)
    : transport_(std::move(socket)), context_(std::move(context)), ssl_(SSL_new(handle)) {
  peer_.attach(ssl_.get());
  BIO* const bio = BIO_new(bio_method());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsStream::~TlsStream() {
  // OpenSSL forgets the session of a connection that ended without a farewell, which says
  // nothing of the session (RFC 5246, 7.2.1). That of one that failed it has forgotten by now.
  SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

std::unique_ptr<TlsStream> TlsStream::server(Transport::Socket socket,
                                             std::shared_ptr<const TlsServerContext> context) {
  const TlsServerContext& of = *context;
  std::unique_ptr<TlsStream> stream(new TlsStream(std::move(socket), std::move(context), of.handle()));
  stream->peer_.check = &of.options().check;
  SSL_set_accept_state(stream->ssl_.get());
  return stream;
}

std::unique_ptr<TlsStream> TlsStream::client(Transport::Socket socket, std::shared_ptr<const TlsClientContext> context,
                                             std::string endpoint, const std::string& server_name) {
  const TlsClientContext& of = *context;
  std::unique_ptr<TlsStream> stream(new TlsStream(std::move(socket), std::move(context), of.handle()));
  SSL* const ssl = stream->ssl_.get();
  stream->peer_.check = &of.options().check;
  SSL_set_connect_state(ssl);
  if (!server_name.empty()) SSL_set_tlsext_host_name(ssl, server_name.c_str());
  if (of.options().session_resumption) {
    if (auto kept = of.sessions().take(endpoint)) {
      SSL_set_session(ssl, kept->session.get());
      // Stays when the server takes the session up, is replaced when it does not.
      stream->peer_.chain = std::move(kept->chain);
    }
    stream->peer_.sessions = &of.sessions();
    stream->peer_.endpoint = std::move(endpoint);
  }
  return stream;
}

bool TlsStream::resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

const BIO_METHOD* TlsStream::bio_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "causeway");
    BIO_meth_set_read(made, &TlsStream::bio_read);
    BIO_meth_set_write(made, &TlsStream::bio_write);
    BIO_meth_set_ctrl(made, &TlsStream::bio_control);
    return made;
  }();
  return method;
}

int TlsStream::bio_read(BIO* bio, char* into, int size) {
  auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const std::size_t taken = std::min(static_cast<std::size_t>(size), self.received_.size());
  if (taken == 0) {
    if (self.ended_) {
      self.cut_ = true;
      return 0;
    }
    BIO_set_retry_read(bio);
    return -1;
  }
  std::memcpy(into, self.received_.data(), taken);
  self.received_ = self.received_.subspan(taken);
  return static_cast<int>(taken);
}

int TlsStream::bio_write(BIO* bio, const char* from, int size) {
  auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  self.outgoing_.insert(self.outgoing_.end(), from, from + size);
  return size;
}

long TlsStream::bio_control(BIO* bio, int command, long, void*) {
  const auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
  if (command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP) return 1;
  if (command == BIO_CTRL_EOF) return self.ended_ ? 1 : 0;
  return 0;
}

Fault TlsStream::tls_fault(const char* doing) const {
  const unsigned long error = ERR_peek_last_error();
  if (error == 0) return fault(FaultCode::io_error, std::string(doing) + ": the peer cut the TLS connection");
  const char* reason = ERR_reason_error_string(error);
  const std::string text = std::string(doing) + ": " + (reason != nullptr ? reason : "TLS failure");
  // TLS 1.3 tells a client only after its handshake that its certificate was refused.
  return fault(is_alert(error) ? FaultCode::ssl_authentication_failed : FaultCode::io_error, text);
}

// What has come into received_, which OpenSSL has emptied. It must be read, or kept, before
// anything is waited for.
Result<void> TlsStream::receive() {
  const auto size = transport_.read_now(shared_memory());
  if (!size) return size.error();
  received_ = ByteView(shared_memory()).first(size->value_or(0));
  ended_ = *size == 0U;
  return {};
}

void TlsStream::keep_received() {
  if (received_.empty()) kept_ = {};
  if (received_.empty() || received_.data() + received_.size() == kept_.data() + kept_.size()) return;
  kept_.assign(received_.begin(), received_.end());
  received_ = kept_;
}

// All that is outgoing_; what is added meanwhile waits for the next time.
Task<Result<void>> TlsStream::flush() {
  std::swap(sending_, outgoing_);
  const ByteView records = sending_;
  auto sent = co_await transport_.write({&records, 1});
  sending_.clear();
  if (sending_.capacity() > spare_buffer().capacity()) std::swap(sending_, spare_buffer());
  sending_ = {};
  co_return sent;
}

Task<Result<void>> TlsStream::handshake() {
  for (;;) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    keep_received();
    const int why = SSL_get_error(ssl_.get(), done);
    Fault failed;
    if (done != 1 && why != SSL_ERROR_WANT_READ) {
      broken_ = true;
      failed = peer_.refusal ? *peer_.refusal : tls_fault("TLS handshake");
      if (!peer_.refusal) failed.code = to_string(FaultCode::ssl_authentication_failed);
    }
    if (!outgoing_.empty()) {
      if (auto sent = co_await flush(); !sent && !broken_) co_return sent.error().while_doing("TLS handshake");
    }
    if (broken_) co_return failed;
    if (done == 1) break;
    auto here = co_await transport_.wait_to_read();
    if (here) here = receive();
    if (!here) co_return here.error().while_doing("TLS handshake");
  }
  co_return adopt_resumed_peer();
}

Result<void> TlsStream::adopt_resumed_peer() {
  if (!resumed()) return {};
  if (SSL_is_server(ssl_.get()) == 1) peer_.chain = chain_of_resumed_session(ssl_.get());
  // What was right when the session began may have been revoked since.
  if (!*peer_.check || peer_.chain->empty()) return {};
  return (*peer_.check)(*peer_.chain);
}

// OpenSSL could say itself that more must come first, but only after it has taken memory for
// a whole record.
bool TlsStream::has_input() const { return ended_ || !received_.empty() || SSL_has_pending(ssl_.get()) == 1; }

// As many octets as are here already; 0 when more must come first.
Result<std::size_t> TlsStream::decrypt(std::span<std::uint8_t> into) {
  std::size_t total = 0;
  while (total < into.size() && has_input()) {
    ERR_clear_error();
    std::size_t size = 0;
    const int done = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &size);
    if (done == 1) {
      total += size;
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), done);
    if (why == SSL_ERROR_WANT_READ) break;
    if (why == SSL_ERROR_ZERO_RETURN && !cut_) {
      ended_ = true;
      break;
    }
    broken_ = true;
    if (total == 0) return tls_fault("reading");
    break;
  }
  keep_received();
  return total;
}

Task<Result<std::size_t>> TlsStream::read_some(std::span<std::uint8_t> into) {
  GivenMemory memory(into);
  co_return co_await read_into(memory);
}

Task<Result<std::size_t>> TlsStream::read_into(ReadMemory& memory) {
  for (;;) {
    if (broken_) co_return fault(FaultCode::io_error, "reading: the TLS connection is broken");
    if (has_input()) {
      auto size = decrypt(memory.room());
      if (!size || *size > 0) co_return size;
    }
    if ((SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0) co_return std::size_t{0};
    if (outgoing_.size() > kMaxUnsent) co_return fault(FaultCode::io_error, "reading: too many TLS key updates");
    if (auto waited = co_await transport_.wait_to_read(); !waited) co_return waited.error();
    if (auto received = receive(); !received) co_return received.error();
  }
}

// Fills outgoing_ up to what goes out at once.
Result<void> TlsStream::encrypt(Pieces& pieces) {
  if (outgoing_.empty()) std::swap(outgoing_, spare_buffer());
  while (!pieces.empty() && outgoing_.size() < kSendSize) {
    const ByteView record = pieces.take_together(record_memory());
    ERR_clear_error();
    std::size_t size = 0;
    // All or nothing: no partial writes are allowed.
    if (SSL_write_ex(ssl_.get(), record.data(), record.size(), &size) != 1) {
      broken_ = true;
      return tls_fault("writing");
    }
  }
  return {};
}

Task<Result<void>> TlsStream::write(std::span<const ByteView> pieces) {
  Pieces left(pieces);
  while (!left.empty()) {
    if (broken_ || unwritable_) co_return fault(FaultCode::io_error, "writing: the TLS connection is broken");
    if (auto done = encrypt(left); !done) co_return done;
    // What the peer said before it went can still be read: an early answer, or an alert.
    if (auto sent = co_await flush(); !sent) {
      unwritable_ = true;
      co_return sent;
    }
  }
  co_return Result<void>{};
}

bool TlsStream::quiet() {
  if (broken_ || unwritable_ || ended_ || SSL_pending(ssl_.get()) > 0) return false;
  const auto waiting = transport_.look();
  if (waiting == Transport::Waiting::end) return false;
  if (waiting == Transport::Waiting::nothing) return received_.empty();
  // Session tickets may come at any time; anything else is not expected.
  if (received_.empty()) {
    const auto size = transport_.read_now(shared_memory());
    received_ = ByteView(shared_memory()).first(size && *size ? **size : 0);
  }
  std::uint8_t octet = 0;
  std::size_t size = 0;
  ERR_clear_error();
  const int done = SSL_peek_ex(ssl_.get(), &octet, 1, &size);
  keep_received();
  return done != 1 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ &&
         transport_.look() == Transport::Waiting::nothing;
}

void TlsStream::close_writing() {
  if (!broken_ && !unwritable_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    transport_.try_write(outgoing_);
    outgoing_.clear();
  }
  transport_.close_writing();
}

}  // namespace causeway::net
