// SPDX-License-Identifier: MIT
#include "securityserver/consumer/evidence_request.hpp"

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

Result<std::string> required(const message::QueryParameters& parameters, const char* name) {
  const std::string* value = parameters.find(name);
  if (value == nullptr) return fault(FaultCode::bad_request, std::string("parameter ") + name + " is missing");
  return *value;
}

}  // namespace

Result<ClientId> evidence_owner(const message::QueryParameters& parameters) {
  std::string parts[3];
  const char* const names[] = {"xRoadInstance", "memberClass", "memberCode"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    auto part = required(parameters, names[i]);
    if (!part) return std::move(part).error();
    parts[i] = *std::move(part);
  }
  const std::string* subsystem = parameters.find("subsystemCode");
  if (subsystem != nullptr && subsystem->empty())
    return fault(FaultCode::bad_request, "parameter subsystemCode is empty; of a member itself it is left out");
  auto owner = ClientId::make(parts[0], parts[1], parts[2], subsystem == nullptr ? "" : *subsystem);
  if (!owner) return fault(FaultCode::bad_request, owner.error().text);
  return owner;
}

Result<EvidenceRequest> EvidenceRequest::read(ClientId owner, const message::QueryParameters& parameters) {
  auto query_id = required(parameters, "queryId");
  if (!query_id) return std::move(query_id).error();
  const bool request_only = parameters.has("requestOnly"), response_only = parameters.has("responseOnly");
  if (request_only && response_only)
    return fault(FaultCode::bad_request, "parameters requestOnly and responseOnly exclude each other");
  return EvidenceRequest{.owner = std::move(owner),
                         .query_id = *std::move(query_id),
                         .response = request_only || response_only ? std::optional(response_only) : std::nullopt,
                         .unique = parameters.has("unique"),
                         .force = parameters.has("force")};
}

Result<void> EvidenceRequest::check_unique() const {
  if (!unique || response) return {};
  return fault(FaultCode::bad_request, "parameter unique needs requestOnly or responseOnly");
}

}  // namespace causeway::securityserver
