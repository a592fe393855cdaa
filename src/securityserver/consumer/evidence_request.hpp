// SPDX-License-Identifier: MIT
// What /asic is asked for (evidence.md 5.1).
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "message/query_parameters.hpp"

namespace causeway::securityserver {

// Whose evidence is wanted: xRoadInstance, memberClass, memberCode and, of a subsystem,
// subsystemCode. bad_request.
Result<ClientId> evidence_owner(const message::QueryParameters& parameters);

struct EvidenceRequest {
  ClientId owner;
  std::string query_id;          // queryId: x-road-id
  std::optional<bool> response;  // requestOnly, responseOnly; nothing: both
  bool unique = false;           // one container, not a ZIP file of them
  bool force = false;            // what has no time-stamp gets one now

  // bad_request.
  static Result<EvidenceRequest> read(ClientId owner, const message::QueryParameters& parameters);
  // unique is for one of both. bad_request. X-Road asks this last, when it has found records.
  Result<void> check_unique() const;
};

}  // namespace causeway::securityserver
