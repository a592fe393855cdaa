// SPDX-License-Identifier: MIT
// A message of an information system read at once, for tests.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/soap_stream.hpp"
#include "unit/message/collected_parts.hpp"

namespace causeway::message {

struct CollectedSoap {
  std::optional<Soap> soap;
  net::Headers headers;
  std::vector<CollectedPart> attachments;
  bool has_soap = false;
  std::string fault;  // its code; empty when all went well
};

class SoapCollector : public SoapStreamHandler {
 public:
  Result<void> soap(Soap message, const net::Headers& headers) override {
    read.soap = std::move(message);
    read.headers = headers;
    return {};
  }
  Result<void> attachment_begin(const net::Headers& headers) override {
    read.attachments.push_back({headers, {}});
    return {};
  }
  Result<void> attachment_data(ByteView bytes) override {
    read.attachments.back().body += as_text(bytes);
    return {};
  }
  Result<void> attachment_end() override { return {}; }
  CollectedSoap read;
};

inline CollectedSoap collected_soap(std::string_view content_type, std::string_view text, std::size_t piece) {
  SoapCollector collector;
  auto reader = SoapStreamReader::make(content_type, collector);
  Result<void> result;
  if (!reader) result = reader.error();
  for (std::size_t i = 0; i < text.size() && result; i += piece) result = reader->feed(as_bytes(text.substr(i, piece)));
  if (result) result = reader->end();
  if (!result) collector.read.fault = result.error().code;
  collector.read.has_soap = reader && reader->has_soap();
  return std::move(collector.read);
}

}  // namespace causeway::message
