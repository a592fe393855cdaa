// SPDX-License-Identifier: MIT
// A transport message as it goes out to another Security Server (messages.md 4.4):
// parts are hashed while they pass, the signature is the last. Small parts gather and go
// out together, so that a short message is one write and one TLS record or two.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "evidence/signature.hpp"
#include "message/multipart.hpp"
#include "net/body.hpp"
#include "net/http_message.hpp"
#include "pki/digest.hpp"

namespace causeway::securityserver {

class OutgoingMessage {
 public:
  explicit OutgoingMessage(std::string boundary = message::top_boundary());

  // For the HTTP head, which goes out before the first part.
  std::string content_type() const;
  // Where the parts go. Before any of the following.
  void start(net::BodyWriter& writer) { writer_ = &writer; }

  net::Task<Result<void>> ocsp_responses(std::span<const Bytes> responses);
  // "/message.xml": SOAP bytes or a REST head. `more`: the part's other MIME headers.
  net::Task<Result<void>> head(std::string_view content_type, ByteView bytes, const net::Headers& more = {});
  // The REST body; may stay without a byte.
  net::Task<Result<void>> begin_rest_body();
  // An attachment of a SOAP message, within the nested multipart.
  net::Task<Result<void>> begin_attachment(const net::Headers& headers);
  // Of the part begun last.
  net::Task<Result<void>> data(ByteView bytes);

  // Sends what has gathered, unless the next read of `source` gives more at once: the other
  // side shall not wait for octets that are here while we wait for others.
  net::Task<Result<void>> flush_before(const net::BodyReader& source);

  // All parts are there: their digests, for signing. Ends body or attachments.
  evidence::MessageParts end_parts();
  // The last parts and the end. `document` stays where it is until this returns.
  net::Task<Result<void>> signature(const evidence::SignatureDocument& document);
  // A fault in place of the signature, and the end.
  net::Task<Result<void>> fault(std::string_view fault_xml);
  // The end without signature: how a consumer side of SOAP says that it gave up (4.8).
  net::Task<Result<void>> end_unsigned();

  const Bytes& head_digest() const { return head_digest_; }

 private:
  net::Task<Result<void>> part(std::string head, std::string_view bytes);
  // Behind what has gathered; sends it all when that is much.
  net::Task<Result<void>> put(std::string_view octets);
  net::Task<Result<void>> flush();
  net::Task<Result<void>> finish();
  void end_nested();
  void end_hashed_part();

  net::BodyWriter* writer_ = nullptr;
  std::string gathered_;
  message::MultipartWriter top_;
  std::optional<message::MultipartWriter> nested_;
  std::optional<pki::Hasher> hasher_;  // of the body or attachment begun last
  Bytes head_digest_;
  evidence::MessageParts parts_;
};

}  // namespace causeway::securityserver
