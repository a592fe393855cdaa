// SPDX-License-Identifier: MIT
// SOAP as HTTP carries it to and from information systems: plain, or the first part of
// a multipart/related whose further parts are attachments (messages.md 2.3).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "message/soap.hpp"
#include "net/body.hpp"
#include "securityserver/transport/incoming_message.hpp"
#include "securityserver/transport/outgoing_message.hpp"

namespace causeway::securityserver {

// Reads the SOAP, then streams the attachments into a transport message.
class SoapPartsReader {
 public:
  // invalid_content_type for anything but text/xml, application/xop+xml, multipart/related.
  static Result<std::unique_ptr<SoapPartsReader>> make(net::BodyReader& body, std::string_view content_type,
                                                       std::size_t max_soap);
  ~SoapPartsReader();

  // missing_soap when a multipart has none; what the parser says; internal_error when it
  // has not come by then.
  net::Task<Result<message::Soap>> read_soap(
      std::chrono::steady_clock::time_point by = std::chrono::steady_clock::time_point::max());
  // Of the SOAP, or of its part.
  const std::string& soap_content_type() const;
  // The other MIME headers of the SOAP's part; none of plain SOAP.
  const net::Headers& soap_headers() const;
  net::Task<Result<void>> send_attachments(OutgoingMessage& message);
  // Whether the fault returned last was that of the input, not of passing it on.
  bool input_failed() const;

 private:
  SoapPartsReader();
  struct State;
  std::unique_ptr<State> state_;
};

// SOAP and attachments rebuilt under the original content type (messages.md 2.4, 3.1), or
// the SOAP alone.
struct SoapBody {
  std::string content_type;  // to announce
  bool multipart = false;
};
SoapBody soap_body_for(const std::string& original_content_type, bool has_attachments);
// `message`: what was received; `soap`: the octets of its SOAP to write.
net::Task<Result<void>> write_soap_body(const SoapBody& body, const IncomingMessage& message, ByteView soap,
                                        net::BodyWriter& writer);

}  // namespace causeway::securityserver
