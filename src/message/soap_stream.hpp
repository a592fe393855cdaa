// SPDX-License-Identifier: MIT
// SOAP as information systems send it: alone, or as the first part of multipart/related
// with attachments behind it (messages.md 2.3). The SOAP part is held, attachments stream.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "message/soap.hpp"
#include "net/http_message.hpp"

namespace causeway::message {

// A Fault stops the reading and is returned by feed() or end().
class SoapStreamHandler {
 public:
  virtual ~SoapStreamHandler() = default;
  // Once, before any attachment. `headers` are those of its part, with its Content-Type;
  // for SOAP without parts they hold that alone.
  virtual Result<void> soap(Soap soap, const net::Headers& headers) = 0;
  // `headers` hold a Content-Type; the bytes come as they were transported.
  virtual Result<void> attachment_begin(const net::Headers& headers) = 0;
  virtual Result<void> attachment_data(ByteView bytes) = 0;
  virtual Result<void> attachment_end() = 0;
};

class SoapStreamReader {
 public:
  static constexpr std::size_t kMaxSoap = std::size_t{256} << 20;

  // `content_type` of the whole. invalid_content_type when it is no type for SOAP.
  static Result<SoapStreamReader> make(std::string_view content_type, SoapStreamHandler& handler,
                                       std::size_t max_soap = kMaxSoap);
  ~SoapStreamReader();
  SoapStreamReader(SoapStreamReader&&) noexcept;
  SoapStreamReader& operator=(SoapStreamReader&&) noexcept;

  // Faults of multipart and of parse_soap; invalid_content_type for a part without
  // Content-Type; invalid_soap for a SOAP part that is too long.
  Result<void> feed(ByteView bytes);
  // The input has ended.
  Result<void> end();
  // False after end(): a multipart without any part. What that means is the caller's to say
  // (missing_soap of a request, invalid_message of a service's answer).
  bool has_soap() const;

 private:
  struct State;
  explicit SoapStreamReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace causeway::message
