// SPDX-License-Identifier: MIT
// Who sent a message, told from its text: enough for the samples of these tests.
#pragma once

#include <string>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {

inline std::string line_with(const std::string& text, std::string header) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    std::string line = text.substr(at, end - at);
    const std::size_t colon = line.find(':');
    std::string name = line.substr(0, colon);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    if (colon != std::string::npos && name == header) return line.substr(colon + 1);
    at = end + 2;
  }
  return {};
}

// The client of a request, the provider's member of a response.
inline Result<ClientId> sender_of(const std::string& message) {
  const auto document = xml::Document::parse(message);
  if (!document) {
    const bool response = message.front() >= '1' && message.front() <= '9';
    if (!response) return ClientId::parse_rest(line_with(message, "x-road-client"));
    const auto service = ServiceId::parse_rest(line_with(message, "x-road-service"));
    if (!service) return service.error();
    return service->client();
  }
  const xml::Element root = document->root();
  std::optional<xml::Element> wanted;
  bool response = false;
  for (auto at = std::optional(root); at; at = at->next_within(root)) {
    if (at->name() == "Body" && at->first_child()) response = at->first_child()->name().ends_with("Response");
  }
  for (auto at = std::optional(root); at && !wanted; at = at->next_within(root))
    if (at->name() == (response ? "service" : "client")) wanted = at;
  if (!wanted) return Fault{"internal_error", "no sender"};
  std::string instance, member_class, member_code;
  for (const xml::Element part : wanted->children()) {
    if (part.name() == "xRoadInstance") instance = part.text();
    if (part.name() == "memberClass") member_class = part.text();
    if (part.name() == "memberCode") member_code = part.text();
  }
  return ClientId::make(instance, member_class, member_code);
}

}  // namespace causeway::evidence
