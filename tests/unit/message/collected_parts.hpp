// SPDX-License-Identifier: MIT
// All parts of a multipart text at once, for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "message/multipart.hpp"

namespace causeway::message {

struct CollectedPart {
  net::Headers headers;
  std::string body;
  std::string type() const {
    const std::string* value = headers.find("content-type");
    return value ? *value : "";
  }
};

class PartCollector : public MultipartHandler {
 public:
  Result<void> part_begin(const net::Headers& headers) override {
    parts.push_back({headers, {}});
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    parts.back().body += as_text(bytes);
    return {};
  }
  Result<void> part_end() override { return {}; }
  std::vector<CollectedPart> parts;
};

// Fed in pieces of `piece` octets; throws on a fault.
inline std::vector<CollectedPart> collected_parts(std::string_view text, std::string boundary, std::size_t piece) {
  PartCollector collector;
  MultipartParser parser(std::move(boundary), collector);
  Result<void> result;
  for (std::size_t i = 0; i < text.size() && result; i += piece) result = parser.feed(as_bytes(text.substr(i, piece)));
  if (result) result = parser.end();
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(collector.parts);
}

}  // namespace causeway::message
