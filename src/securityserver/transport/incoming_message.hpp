// SPDX-License-Identifier: MIT
// A transport message as it arrives from another Security Server (messages.md 4.4):
// decoded while it streams, hashed while it is read, large parts spooled.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/spool.hpp"
#include "evidence/signature.hpp"
#include "message/soap.hpp"
#include "net/body.hpp"
#include "net/http_message.hpp"

namespace causeway::securityserver {

enum class HeadKind { none, soap, rest_request, rest_response };

// The content lies in a spool that all attachments of a message share: a thousand of them
// cost no more memory or files than one.
struct Attachment {
  net::Headers headers;  // content-type first, then the other MIME headers
  std::shared_ptr<const Spool> spool;
  std::uint64_t begin = 0, size = 0;  // of the content in it
  Bytes digest;                       // SHA-512, of the content as transported
};

struct IncomingMessage {
  std::vector<Bytes> ocsp_responses;
  HeadKind kind = HeadKind::none;
  std::string head_content_type;
  net::Headers head_headers;         // the other MIME headers of that part
  Bytes head;                        // SOAP bytes or REST head
  std::shared_ptr<Spool> rest_body;  // null: there was no body part
  Bytes rest_body_digest;
  std::vector<Attachment> attachments;
  evidence::SignatureDocument signature;    // signature empty: there was none
  std::optional<message::SoapFault> fault;  // in place of message or signature

  bool is_signed() const { return !signature.signature.empty(); }
  // "/message.xml", "/attachment1", ... with their digests.
  evidence::MessageParts parts() const;
};

inline constexpr std::size_t kMaxAttachments = 1000;

// What of a message is held in memory has a limit, in octets.
struct MessageLimits {
  std::size_t ocsp_response = 64 * 1024;
  std::size_t ocsp_responses = 16;  // count
  std::size_t soap = 32UL << 20;
  std::size_t rest_head = 1UL << 20;
  std::size_t signature_part = 4UL << 20;
  std::size_t attachments = kMaxAttachments;   // count
  std::size_t attachment_headers = 1UL << 20;  // of all together
};

class IncomingReader {
 public:
  // `content_type` is that of the HTTP message: multipart/mixed with a boundary.
  static Result<std::unique_ptr<IncomingReader>> make(net::BodyReader& body, std::string_view content_type,
                                                      MessageLimits limits = {});
  ~IncomingReader();

  // Until the message part is complete, or the input ended without one.
  // mime_parsing_failed, invalid_content_type, invalid_message, io_error.
  net::Task<Result<void>> read_head();
  net::Task<Result<void>> read_rest();

  IncomingMessage& message();

 private:
  IncomingReader();
  struct State;
  std::unique_ptr<State> state_;
};

// Reads a body to its end and forgets it: a Java consumer side reads no answer before
// it has sent everything (messages.md 4.8).
net::Task<void> drain(net::BodyReader& body);

// The content of a spool, or `size` octets of it from `begin` on, a piece at a time.
net::Task<Result<void>> copy_spool(const Spool& from, net::BodyWriter& to);
net::Task<Result<void>> copy_spool(const Spool& from, std::uint64_t begin, std::uint64_t size, net::BodyWriter& to);

// The next octets of a message. A connection that breaks while a message is read is
// io_error, in whatever way it breaks, as X-Road has it.
net::Task<Result<ByteView>> read_message_octets(net::BodyReader& body);

// A whole small body in memory; invalid_message when it is longer than `limit` octets.
net::Task<Result<Bytes>> read_whole(net::BodyReader& body, std::size_t limit);

}  // namespace causeway::securityserver
