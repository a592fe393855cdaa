// SPDX-License-Identifier: MIT
// Who sent a message and what it was about, told from its octets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/identifiers.hpp"

namespace causeway::evidence {

struct MessageIdentity {
  enum class Protocol { soap, rest };
  Protocol protocol = Protocol::soap;
  bool response = false;
  ClientId client;
  ServiceId service;
  std::string id;          // SOAP header id, x-road-id
  std::string request_id;  // x-road-request-id; SOAP has it in the transport only
  std::optional<std::string> user_id, issue;
  std::string subject;  // what a REST message is about: "GET /r1/...", "200 OK"

  // The one whose member must have signed it (evidence.md 5.2).
  const ClientId& sender() const { return response ? service.client() : client; }
};

// Faults of the message's protocol when it cannot be read; invalid_message for a SOAP fault.
Result<MessageIdentity> identify_message(std::string_view message);

}  // namespace causeway::evidence
