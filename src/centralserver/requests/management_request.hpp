// SPDX-License-Identifier: MIT
// Management requests: what changes who is registered where (PR-MSERV; trust.md section 9.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

// Spelled as on the wire of the administration interface, without _REQUEST at the end.
// clang-format off
#define CAUSEWAY_REQUEST_TYPES(X) \
  /* these three wait until somebody approves them */ \
  X(AUTH_CERT_REGISTRATION) X(CLIENT_REGISTRATION) X(OWNER_CHANGE) \
  /* these take effect at once */ \
  X(CLIENT_DELETION) X(CLIENT_DISABLE) X(CLIENT_ENABLE) X(CLIENT_RENAME) X(AUTH_CERT_DELETION) X(ADDRESS_CHANGE) \
  X(MAINTENANCE_MODE_ENABLE) X(MAINTENANCE_MODE_DISABLE)
// clang-format on

enum class RequestType {
#define CAUSEWAY_ENUMERATOR(name) name,
  CAUSEWAY_REQUEST_TYPES(CAUSEWAY_ENUMERATOR)
#undef CAUSEWAY_ENUMERATOR
};

enum class RequestOrigin { center, security_server };

// Two requests of different origin that say the same share their status.
enum class RequestStatus { waiting, submitted_for_approval, approved, declined, revoked };

std::string_view to_string(RequestType type);      // "CLIENT_REGISTRATION_REQUEST"
std::string_view to_string(RequestOrigin origin);  // "CENTER"
std::string_view to_string(RequestStatus status);  // "SUBMITTED FOR APPROVAL"
// Exact; nothing for any other text.
std::optional<RequestType> request_type(std::string_view text);
std::optional<RequestOrigin> request_origin(std::string_view text);
std::optional<RequestStatus> request_status(std::string_view text);

// Which of the fields count depends on the type.
struct NewRequest {
  RequestType type = RequestType::CLIENT_REGISTRATION;
  RequestOrigin origin = RequestOrigin::center;
  ServerId server;
  std::optional<ClientId> client = {};       // all of clients, and the new owner
  std::string subsystem_name = {};           // of a registration (may be empty) and a new name
  std::string address = {};                  // of a registration of a certificate, and a new address
  Bytes certificate = {};                    // DER; PEM is taken too
  std::optional<std::string> comments = {};  // of a maintenance: its message
};

struct ManagementRequest : NewRequest {
  std::int64_t number = 0;
  std::optional<std::int64_t> processing = {};  // shared with the one it met
  std::optional<RequestStatus> status = {};     // of those that wait
  TimePoint created = {}, updated = {};
};

}  // namespace causeway::centralserver
